// The parts of a full test run that npm does not bring: a PostgreSQL server, Ceph's S3 and Chromium. Uses what is there; installs
// only as root on Debian, and says so. A missing part is said here; the suites that need it skip or, with CI=true, fail.
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { findChromium } from '../../src/adapters/cards-preview/find-chromium.ts';

interface Part {
  readonly name: string;
  readonly needs: string;
  readonly packages: readonly string[];
  readonly elsewhere: string;
  find(): string | null;
}

/** The folder with initdb and postgres, or null: POSTGRES_BIN, the newest of Debian's, or what is on the PATH. */
export function findPostgres(): string | null {
  const wanted = process.env.POSTGRES_BIN;
  const debian = globSync('/usr/lib/postgresql/*/bin').sort(
    (a, b) => Number(dirname(b).split('/').at(-1)) - Number(dirname(a).split('/').at(-1)),
  );
  const onPath = (process.env.PATH ?? '').split(delimiter);
  const places = wanted ? [wanted] : [...debian, ...onPath];
  return (
    places.find((place) => existsSync(join(place, 'initdb')) && existsSync(join(place, 'postgres'))) ?? null
  );
}

/** What one radosgw needs: itself, a monitor, a store, and the commands that make users. */
const CEPH_PROGRAMS = ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph', 'monmaptool', 'radosgw-admin'];

/** The folder with radosgw and the rest of Ceph, or null: CEPH_BIN, or what is on the PATH. */
export function findRadosgw(): string | null {
  const places = process.env.CEPH_BIN ? [process.env.CEPH_BIN] : (process.env.PATH ?? '').split(delimiter);
  return places.find((place) => CEPH_PROGRAMS.every((program) => existsSync(join(place, program)))) ?? null;
}

const PARTS: readonly Part[] = [
  {
    name: 'PostgreSQL',
    needs: 'the store contract on PostgreSQL',
    packages: ['postgresql'],
    elsewhere:
      'apt-get install postgresql, or brew install postgresql, or set POSTGRES_BIN to its bin folder',
    find: findPostgres,
  },
  {
    name: 'radosgw',
    needs: 'the S3 actions on a real S3',
    packages: ['radosgw', 'ceph-mon', 'ceph-osd', 'ceph-common'],
    elsewhere:
      'apt-get install --no-install-recommends radosgw ceph-mon ceph-osd ceph-common, or set CEPH_BIN to the folder of their programs',
    find: findRadosgw,
  },
  {
    name: 'Chromium',
    needs: 'the stories and the pictures of cards',
    packages: ['chromium', 'fonts-liberation'],
    elsewhere: 'apt-get install chromium, or brew install --cask chromium, or set CHROMIUM_PATH to a browser',
    find: () => findChromium(process.env.CHROMIUM_PATH),
  },
];

function isRootOnDebian(): boolean {
  if (process.getuid?.() !== 0 || !existsSync('/etc/os-release')) return false;
  return /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'));
}

/** Debian's package makes and starts a database cluster of its own, unless this file says not to before it arrives. */
function forbidCluster(): void {
  const file = '/etc/postgresql-common/createcluster.conf';
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, 'create_main_cluster = false\n');
}

function apt(...args: readonly string[]): boolean {
  const options = ['-q', '-o', 'DPkg::Lock::Timeout=300', '-o', 'Dpkg::Options::=--force-confold'];
  const done = spawnSync('apt-get', [...options, ...args], {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  });
  return done.status === 0;
}

function install(missing: readonly Part[]): void {
  const packages = missing.flatMap((part) => part.packages);
  console.error(`countersign: installing ${packages.join(' and ')} with apt-get (NO_APT=1 forbids it)`);
  if (packages.includes('postgresql')) forbidCluster();
  const installed = apt('update') && apt('install', '-y', '--no-install-recommends', ...packages);
  if (!installed) console.error('countersign: apt-get failed, see above');
}

/** Finds or installs every part, and says on stderr which suites cannot run without the ones still missing. */
export function prepareParts(): void {
  const missing = (): readonly Part[] => PARTS.filter((part) => part.find() === null);
  if (missing().length > 0 && process.env.NO_APT !== '1' && isRootOnDebian()) install(missing());
  for (const part of missing())
    console.error(
      `countersign: no ${part.name} here: cannot run ${part.needs}. To get it: ${part.elsewhere}.`,
    );
}
