// The import law of docs/architecture.md, held over src as it is; and the checker itself, on small made-up files.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { checkLaw, type Exception, importsOf } from './import-law.ts';

const src = fileURLToPath(new URL('../../src/', import.meta.url));

const EXCEPTIONS: readonly Exception[] = [
  {
    file: 'compose.ts',
    may: 'audit',
    because: 'builds the sealer, which needs the key and the checkpoint file',
  },
  {
    file: 'app-parts.ts',
    may: 'detect',
    because: 'types alone: the catalogue that app.ts is handed',
  },
  {
    file: 'app-parts.ts',
    may: 'govern',
    because: 'types alone: the actions and the world that app.ts is handed',
  },
  { file: 'app-parts.ts', may: 'ingest', because: 'types alone: what the doors answer' },
  { file: 'cli/log.ts', may: 'audit', because: 'reads the governance log while the service is down' },
  {
    file: 'cli/buckets.ts',
    may: 'ingest',
    because: 'looks at the buckets as the watch does, without the service',
  },
  {
    file: 'policy-files.ts',
    may: 'detect',
    because: 'reads policies from their folders, which a room does not do',
  },
  {
    file: 'settings/detection.ts',
    may: 'detect',
    because: 'a policy and the settings say in one form how it asks',
  },
  {
    file: 'settings/notes.ts',
    may: 'detect',
    because: 'asks of every policy whether silence may do what it names',
  },
  {
    file: 'compose.ts',
    may: 'govern',
    because: 'hands the registry of actions to policies and app.ts alike',
  },
  { file: 'compose.ts', may: 'ingest', because: 'turns a receipt into the HTTP answer' },
  { file: 'config.ts', may: 'audit', because: 'checks the sealing key with all other settings' },
  { file: 'config.ts', may: 'govern', because: 'checks that a cap names an action there is' },
  { file: 'cli/audit.ts', may: 'audit', because: 'checks and exports the trail while the service is down' },
  {
    file: 'cli/policy-flags.ts',
    may: 'govern',
    because: 'says which actions there are when policies are loaded without the service',
  },
  { file: 'cli/explain-policy.ts', may: 'detect', because: 'words what the catalogue explains' },
  { file: 'cli/count-text.ts', may: 'detect', because: 'words what a correlation counts' },
  {
    file: 'detect/regular-expression.ts',
    may: 're2js',
    because: 'runs the expressions of rules in linear time; it touches nothing outside the process',
  },
  {
    file: 'sandbox/buckets.ts',
    may: 'govern',
    because: 'lets its roles do what the actions declare, so that one that needs more fails here first',
  },
  { file: 'sandbox/index.ts', may: 'audit', because: 'makes the sandbox’s own sealing key' },
  {
    file: 'sandbox/deeds.ts',
    may: '@aws-sdk/client-s3',
    because: 'plays the bucket’s owner, who is not Countersign',
  },
];

const check = (file: string, text: string, exceptions: readonly Exception[] = []): readonly string[] =>
  checkLaw(new Map([[file, text]]), exceptions);

describe('the import law', () => {
  it('holds in src', () => {
    const files = globSync('**/*.ts', { cwd: src }).map(
      (file) => [file.replaceAll('\\', '/'), readFileSync(src + file, 'utf8')] as const,
    );

    assert.ok(files.length > 20, 'src was found');
    assert.equal(checkLaw(new Map(files), EXCEPTIONS).join('\n'), '');
  });

  it('keeps the archived bot SDK in one folder, even by name', () => {
    const named = globSync('**/*.ts', { cwd: src }).filter((file) =>
      readFileSync(src + file, 'utf8').includes('botbuilder'),
    );

    assert.deepEqual(
      named.filter((file) => !file.startsWith('adapters/teams/')),
      [],
    );
  });
});

describe('the checker of the import law', () => {
  const refused: readonly (readonly [string, string, string, RegExp])[] = [
    [
      'case/ importing a port',
      'case/a.ts',
      `import type { Clock } from '../ports/clock.ts';`,
      /case\/ imports only itself/,
    ],
    ['case/ importing a package', 'case/a.ts', `import { z } from 'zod';`, /case\/ imports only itself/],
    [
      'case/ importing a built-in that does things',
      'case/a.ts',
      `import 'node:fs';`,
      /case\/ imports only itself/,
    ],
    ['ports/ importing a room', 'ports/a.ts', `import '../ask/card.ts';`, /ports\/ imports only itself/],
    [
      'ports/ importing a package',
      'ports/a.ts',
      `import type { Kysely } from 'kysely';`,
      /ports\/ imports only itself/,
    ],
    [
      'a room importing another room',
      'ask/a.ts',
      `import { b } from '../decide/b.ts';`,
      /a room imports only itself/,
    ],
    [
      'a type from another room',
      'ask/a.ts',
      `import type { B } from '../govern/action.ts';`,
      /a room imports only itself/,
    ],
    [
      'a room importing an adapter',
      'route/a.ts',
      `import '../adapters/graph/directory.ts';`,
      /a room imports only/,
    ],
    ['a room importing the configuration', 'route/a.ts', `import '../config.ts';`, /a room imports only/],
    [
      'a room importing an SDK',
      'govern/actions/a.ts',
      `import { S3 } from '@aws-sdk/client-s3';`,
      /a room imports only/,
    ],
    [
      'a room importing a database',
      'audit/a.ts',
      `import { DatabaseSync } from 'node:sqlite';`,
      /adapters\/store alone/,
    ],
    [
      'a room importing another through a re-export',
      'ask/a.ts',
      `export * from '../decide/b.ts';`,
      /a room imports only/,
    ],
    ['a dynamic import', 'ask/a.ts', `const b = await import('../decide/b.ts');`, /a room imports only/],
    [
      'an import over several lines',
      'ask/a.ts',
      `import {\n  b,\n  c,\n} from\n  '../decide/b.ts';`,
      /a room imports only/,
    ],
    [
      'an adapter importing another',
      'adapters/teams/a.ts',
      `import '../graph/b.ts';`,
      /an adapter imports only itself/,
    ],
    [
      'an adapter importing a room',
      'adapters/teams/a.ts',
      `import '../../ask/b.ts';`,
      /an adapter imports only itself/,
    ],
    [
      'the bot SDK elsewhere',
      'adapters/http/a.ts',
      `import { X } from 'botbuilder';`,
      /adapters\/teams alone/,
    ],
    [
      'a part of the bot SDK elsewhere',
      'sandbox/a.ts',
      `import 'botframework-connector';`,
      /adapters\/teams alone/,
    ],
    ['restify elsewhere', 'compose.ts', `import restify from 'restify';`, /adapters\/http alone/],
    [
      'the Graph SDK elsewhere',
      'compose.ts',
      `import '@azure/identity';`,
      /adapters\/graph and adapters\/teams alone/,
    ],
    ['the AWS SDK elsewhere', 'adapters/store/a.ts', `import '@aws-sdk/client-sts';`, /adapters\/aws alone/],
    ['a package without a home', 'adapters/http/a.ts', `import 'left-pad';`, /give it a home/],
    [
      'a file beside app.ts importing a room',
      'worker.ts',
      `import './ask/a.ts';`,
      /only case\/, ports\/ and its neighbours/,
    ],
    [
      'a file beside app.ts importing it',
      'worker.ts',
      `import './app.ts';`,
      /only case\/, ports\/ and its neighbours/,
    ],
    ['app.ts importing an adapter', 'app.ts', `import './adapters/store/engine.ts';`, /knows no adapter/],
    ['compose.ts joining rooms', 'compose.ts', `import './detect/engine.ts';`, /only app\.ts joins rooms/],
    [
      'replay/ importing a room that it does not join',
      'replay/a.ts',
      `import { b } from '../route/b.ts';`,
      /replay\/ joins detect\/ and ingest\//,
    ],
    ['replay/ importing an SDK', 'replay/a.ts', `import '@aws-sdk/client-s3';`, /replay\/ joins/],
    ['a room importing replay/', 'detect/a.ts', `import '../replay/b.ts';`, /a room imports only itself/],
    ['the sandbox importing replay/', 'sandbox/a.ts', `import '../replay/b.ts';`, /only app\.ts joins rooms/],
    ['a file outside src', 'cli/a.ts', `import '../../test/helpers/x.ts';`, /nothing outside src/],
    ['reading the environment', 'ask/a.ts', `const port = process.env.PORT;`, /reads process\.env/],
    [
      'reading the environment by destructuring',
      'ask/a.ts',
      `const { env } = process;`,
      /reads process\.env/,
    ],
    ['a long file', 'ask/a.ts', 'x;\n'.repeat(301), /has 301 lines: at most 300/],
    ['a long app.ts', 'app.ts', 'x;\n'.repeat(201), /has 201 lines: at most 200/],
  ];
  for (const [what, file, text, message] of refused)
    it(`refuses ${what}, naming the file`, () => {
      const findings = check(file, text);

      assert.equal(findings.length, 1, findings.join('\n'));
      assert.match(findings[0] ?? '', message);
      assert.ok(findings[0]?.startsWith(`src/${file} `));
    });

  const allowed: readonly (readonly [string, string])[] = [
    ['case/a.ts', `import { createHash } from 'node:crypto';\nimport './errors.ts';`],
    ['ports/a.ts', `import type { Case } from '../case/case.ts';\nimport type { B } from './b.ts';`],
    [
      'govern/actions/a.ts',
      `import { z } from 'zod';\nimport '../action.ts';\nimport '../../ports/directory.ts';`,
    ],
    [
      'adapters/teams/a.ts',
      `import { X } from 'botbuilder';\nimport '../../ports/chat.ts';\nimport './b.ts';`,
    ],
    ['adapters/store/a.ts', `import { sql } from 'kysely';\nimport { DatabaseSync } from 'node:sqlite';`],
    ['adapters/aws/a.ts', `import { S3Client } from '@aws-sdk/client-s3';`],
    ['app.ts', `import './ask/a.ts';\nimport './decide/b.ts';\nimport './ports/clock.ts';`],
    ['compose.ts', `import './adapters/store/engine.ts';\nimport './app.ts';\nimport './config.ts';`],
    [
      'cli/a.ts',
      `import { Command } from 'commander';\nimport '../compose.ts';\nimport '../sandbox/world.ts';`,
    ],
    ['cli/b.ts', `import '../replay/replay.ts';`],
    ['replay/a.ts', `import '../detect/compiled.ts';\nimport '../ingest/sources/a.ts';\nimport 'node:zlib';`],
    ['start.ts', `import './adapters/log.ts';\nimport './service.ts';\nimport './sandbox/index.ts';`],
    ['adapters/log.ts', `import { pino } from 'pino';\nimport '../ports/log.ts';`],
    ['worker.ts', `import type { CaseStore } from './ports/case-store.ts';`],
    ['config.ts', `import { z } from 'zod';\nimport './clouds.ts';\nexport const port = process.env.PORT;`],
    [
      'ask/a.ts',
      `// see '../decide/b.ts', imported from '../decide/b.ts'\n/* from 'botframework' */\n${'x;\n'.repeat(290)}`,
    ],
  ];
  for (const [file, text] of allowed)
    it(`lets ${file} be as the design says`, () => {
      assert.deepEqual(check(file, text), []);
    });

  it('takes an exception for its own file and part alone', () => {
    const exceptions = [{ file: 'compose.ts', may: 'detect', because: 'loads policies' }];

    assert.deepEqual(check('compose.ts', `import './detect/load.ts';`, exceptions), []);
    assert.equal(
      check('compose.ts', `import './detect/load.ts';\nimport './ask/a.ts';`, exceptions).length,
      1,
    );
  });

  it('refuses an exception that nothing needs', () => {
    const exceptions = [{ file: 'compose.ts', may: 'detect', because: 'loads policies' }];

    assert.match(check('compose.ts', '', exceptions)[0] ?? '', /no longer needs its exception for detect/);
  });

  it('sees every way to import', () => {
    const text = `
      import a from 'a'; import type { B } from "b"; export { c } from 'c'; import 'd';
      const e = await import('e'); const f = require('f'); require.resolve('g'); import.meta.resolve('h');
      spawn('node', ['--import', path, 'not-this']); resolve('nor-this'); /* import 'nor-that' */
    `;

    assert.deepEqual(importsOf(text), ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']);
  });
});
