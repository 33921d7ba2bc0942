// The files that were named, and those of the folders that were named. Never follows a link to a folder: it may lead back.
import { type Dirent, readdirSync, statSync } from 'node:fs';
import { errorText } from '../case/errors.ts';

export interface FoundFile {
  /** As given; below a folder, the folder as given and the path in it. */
  readonly file: string;
  /** As stored. */
  readonly bytes: number;
}
export interface NotFound {
  readonly path: string;
  readonly reason: string;
}

/** In a folder, what bears another name is no log. A file that is named itself is read whatever its name. */
const LOG_FILE = /\.jsonl?(\.gz)?$/i;

/** Every file once for each time that it was named, those of a folder in the order of their names. */
export function findFiles(paths: readonly string[]): {
  readonly files: readonly FoundFile[];
  readonly notFound: readonly NotFound[];
  /** Folders without a log file. */
  readonly empty: readonly string[];
} {
  const files: FoundFile[] = [];
  const notFound: NotFound[] = [];
  const empty: string[] = [];

  function attempt(path: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      notFound.push({ path, reason: errorText(error) });
    }
  }
  function visit(folder: string): void {
    const entries = readdirSync(folder, { withFileTypes: true });
    for (const entry of entries.sort((one, other) => (one.name < other.name ? -1 : 1))) {
      const path = `${folder.replace(/\/+$/, '')}/${entry.name}`;
      if (entry.isDirectory()) attempt(path, () => visit(path));
      else if (isLog(entry)) attempt(path, () => takeLog(path));
    }
  }
  function take(file: string, bytes: number): void {
    files.push({ file, bytes });
  }
  /** A link in a folder may lead to a pipe or a device, which never ends: those are read only when they are named themselves. */
  function takeLog(file: string): void {
    const found = statSync(file);
    if (found.isFile()) take(file, found.size);
    else if (!found.isDirectory()) notFound.push({ path: file, reason: 'it is no file' });
  }

  for (const path of paths)
    attempt(path, () => {
      const before = files.length + notFound.length;
      const found = statSync(path);
      if (!found.isDirectory()) return take(path, found.size);
      visit(path);
      if (files.length + notFound.length === before) empty.push(path);
    });
  return { files, notFound, empty };
}

const isLog = (entry: Dirent): boolean =>
  LOG_FILE.test(entry.name) && (entry.isFile() || entry.isSymbolicLink());
