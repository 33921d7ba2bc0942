// Checkpoints as lines of a file outside the database. Only ever appended to, and on the disk before `append` resolves.
import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CheckpointLog } from '../../ports/checkpoint-log.ts';

/** A file that is not there is an empty log. Append from one process only: each replica has a file of its own. */
export function createCheckpointFile(path: string): CheckpointLog {
  async function text(): Promise<string> {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
      throw error;
    }
  }

  return {
    async read() {
      const content = await text();
      const lines = content.split('\n');
      const torn = lines.pop() ?? '';
      return { lines: torn === '' ? lines : [...lines, torn], torn: torn !== '' };
    },

    async append(line) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const file = await open(path, 'a+', 0o600);
      try {
        // What a crash left half-written stays as it is, as a line of its own.
        const { size } = await file.stat();
        const last = Buffer.alloc(1);
        if (size > 0) await file.read(last, 0, 1, size - 1);
        const torn = size > 0 && last.toString() !== '\n';
        await file.appendFile(`${torn ? '\n' : ''}${line}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await syncDirectory(dirname(path));
    },
  };
}

/** A new file's name is durable only once its directory is. */
async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
