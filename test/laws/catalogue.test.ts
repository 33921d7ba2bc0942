// Every catalogue equals its folder, and every entry says what it must: actions, bot commands, subcommands, settings.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { planOnSample } from '../../scripts/docs/sample-plan.ts';
import { AWS_READS } from '../../src/adapters/aws/permissions.ts';
import { createKey } from '../../src/audit/key.ts';
import { LANGUAGES } from '../../src/case/languages.ts';
import { COMMANDS } from '../../src/commands/index.ts';
import { parseConfig, SETTINGS } from '../../src/config.ts';
import { askingForm } from '../../src/detect/asking-form.ts';
import type { GovernanceAction } from '../../src/govern/action.ts';
import { ACTIONS } from '../../src/govern/actions/index.ts';
import { callers } from '../../src/sandbox/buckets.ts';
import { COUNTERSIGN_ROLE, MANAGEMENT_ROLE } from '../../src/sandbox/identities.ts';
import { parseSettings } from '../../src/settings/file.ts';
import { ACTION_SCENES } from '../helpers/action-scenes.ts';
import { english, inLanguage } from '../helpers/english.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const textOf = (file: string): string => readFileSync(root + file, 'utf8');
/** Names without extension of the files in a folder, but for these. */
const filesIn = (folder: string, ...but: readonly string[]): readonly string[] =>
  globSync(`${folder}/*.ts`, { cwd: root })
    .map((file) => basename(file, '.ts'))
    .filter((name) => !but.includes(name))
    .sort();

describe('the actions', () => {
  it('are the files of their folder, each with one action named after it', async () => {
    const files = filesIn('src/govern/actions', 'index');
    const exported = await Promise.all(
      files.map(async (file) => {
        const all = Object.values(await import(`${root}src/govern/actions/${file}.ts`)) as GovernanceAction[];
        const actions = all.filter((one) => typeof one === 'object' && 'plan' in one);
        assert.equal(actions.length, 1, `${file}.ts exports one action`);
        const id = actions[0]?.id ?? '';
        // The file says what the id says with its noun: `remove-from-group` does `entra.group.remove-member`.
        const verb = id.split('.').at(-1)?.split('-')[0];
        assert.equal(file.split('-')[0], verb, `${file}.ts is named after ${id}`);
        return id;
      }),
    );

    assert.deepEqual([...ACTIONS.keys()].sort(), exported.sort());
    assert.equal(new Set(exported).size, exported.length);
  });

  it('have a scene each, in which they have something to do, and no scene is left over', () => {
    assert.deepEqual(Object.keys(ACTION_SCENES).sort(), [...ACTIONS.keys()].sort());
    for (const [id, { target }] of Object.entries(ACTION_SCENES)) {
      const { targetKind, alsoOn } = ACTIONS.get(id) ?? {};
      assert.ok([targetKind, alsoOn].includes(target.kind), `${id} acts on no ${target.kind}`);
    }
  });

  for (const action of ACTIONS.values())
    describe(action.id, () => {
      it('has an id of provider, noun and verb, under which it is registered', () => {
        assert.match(action.id, /^(aws|entra)\.[a-z0-9-]+\.[a-z0-9-]+$/);
        assert.equal(ACTIONS.get(action.id), action);
      });

      it('declares its effect, a cap, and permissions that are no wildcards', () => {
        const { graph = [], aws = [] } = action.permissions;

        assert.ok(['converges', 'blind'].includes(action.effect));
        assert.ok(Number.isInteger(action.capPerHour) && action.capPerHour > 0 && action.capPerHour <= 100);
        assert.ok(graph.length + aws.length > 0);
        assert.ok(Number.isInteger(action.strength) && action.strength >= 0 && action.strength <= 9);
        assert.match(action.needs, /^[A-Z].{10,}\.$/);
        // "Microsoft Graph permissions reference": these are the ones that end otherwise.
        for (const permission of graph)
          assert.match(permission, /^[A-Z][\w-]+(\.\w+)+\.All$|\.Read\.Directory$|^Mail\.Send$/);
        for (const permission of aws) assert.match(permission, /^[a-z0-9]+:[A-Z]\w+$/);
        assert.equal(new Set([...graph, ...aws]).size, graph.length + aws.length);
      });

      it('says in whole sentences what it would do, and whether it can be undone, as it can', async () => {
        const plan = await planOnSample(action);

        assert.ok(plan.says.length > 0);
        for (const sentence of [...plan.says, plan.undo]) assert.match(sentence, /^[A-Z].{10,}\.$/);
        assert.equal(plan.undoPossible, action.revert !== undefined);
        if (!action.revert) assert.ok(plan.says[0]?.includes('cannot be undone'), 'said first');
      });
    });

  it('say of themselves when they let somebody back in: what is weak and not only informs does nothing else', () => {
    for (const { id, strength, informs, letsIn } of ACTIONS.values())
      assert.equal(letsIn ?? false, strength === 1 && !informs, id);
  });

  it('have, on the sandbox’s roles, the permissions that they declare, and nothing goes beyond the look at buckets', () => {
    const key = { accessKeyId: 'x', secretAccessKey: 'x' };
    const { roles } = callers({ countersign: key, owner: key, alex: key, partner: key });
    const allowed = (arn: string) => roles.find((role) => role.arn === arn)?.allows ?? [];
    const declared = [
      ...Object.keys(AWS_READS),
      ...[...ACTIONS.values()].flatMap((action) => action.permissions.aws ?? []),
    ];
    const ofOrganisation = (permission: string) => permission.startsWith('organizations:');

    assert.deepEqual(
      [...allowed(COUNTERSIGN_ROLE), ...allowed(MANAGEMENT_ROLE)].sort(),
      [...new Set(declared)].sort(),
    );
    assert.ok(allowed(MANAGEMENT_ROLE).every(ofOrganisation));
    assert.ok(!allowed(COUNTERSIGN_ROLE).some(ofOrganisation));
  });
});

describe('the bot commands', () => {
  /** The manifest's schema. */
  const MOST_DESCRIPTION = 128;

  it('are the files of their folder', () => {
    assert.deepEqual(
      COMMANDS.map((one) => one.name).sort(),
      filesIn('src/commands', 'index', 'command', 'until'),
    );
  });

  /**
   * Answers to a question. The card prints them as whole lines, with case and choice, to be copied when a button does not
   * work; out of the menu they could only be sent without either, which does nothing.
   */
  const ANSWERS = [
    ...['approve', 'dismiss', 'revoke', 'escalate', 'reassign', 'keep', 'correct', 'was-me', 'not-me'],
  ];

  it('are in the menu that Teams shows, but for the answers that a card prints', () => {
    const [bot] = JSON.parse(textOf('appPackage/manifest.json')).bots;
    const menu: readonly { readonly title: string; readonly description: string }[] =
      bot.commandLists[0].commands;

    assert.equal(bot.commandLists.length, 1);
    assert.deepEqual(bot.commandLists[0].scopes, bot.scopes);
    assert.deepEqual(
      menu.map((one) => one.title),
      COMMANDS.map((one) => one.name).filter((name) => !ANSWERS.includes(name)),
    );
    // Whoever picks a command that needs a case must see how it goes on.
    for (const { name, usage } of COMMANDS.map((one) => ({ ...one, usage: english(one.usage) }))) {
      const shown = menu.find((one) => one.title === name && name !== usage);
      if (shown) assert.ok(shown.description.includes(usage), `${shown.description} does not say ${usage}`);
    }
  });

  for (const language of LANGUAGES.filter((one) => one !== 'en'))
    it(`are said in ${language} in that menu, and typed as they are`, () => {
      const manifest = JSON.parse(textOf('appPackage/manifest.json'));
      const words: Readonly<Record<string, string>> = JSON.parse(textOf(`appPackage/${language}.json`));
      const menu: readonly { readonly title: string; readonly description: string }[] =
        manifest.bots[0].commandLists[0].commands;

      for (const [at, { title, description }] of menu.entries()) {
        const said = words[`bots[0].commandLists[0].commands[${at}].description`] ?? '';
        const usage = inLanguage(language, COMMANDS.find(({ name }) => name === title)?.usage ?? title);
        assert.ok(usage.startsWith(title), `${usage} does not begin with ${title}`);
        assert.ok(said.length <= MOST_DESCRIPTION, `${said} is too long for Teams`);
        if (usage !== title) assert.ok(said.includes(usage), `${said} does not say ${usage}`);
        assert.notEqual(said, description);
      }
      for (const part of ['short', 'full'])
        assert.notEqual(words[`description.${part}`], manifest.description[part]);
      assert.notEqual(words['name.full'], manifest.name.full);
    });
});

describe('the subcommands', () => {
  it('are the files of their folder that make one', () => {
    const makers = filesIn('src/cli').filter((file) =>
      /^export (?:const|function) create\w+Command\b/m.test(textOf(`src/cli/${file}.ts`)),
    );

    const help = spawnSync(process.execPath, [`${root}bin/countersign.mjs`, '--help'], { encoding: 'utf8' });

    const [, listed = ''] = help.stdout.split('Commands:\n');
    const names = [...listed.matchAll(/^ {2}([a-z-]+)/gm)].map((match) => match[1] ?? '');
    assert.equal(help.status, 0);
    assert.deepEqual(names.filter((name) => name !== 'help').sort(), [...makers]);
  });
});

describe('the settings', () => {
  const example = textOf('.env.example');
  const lines = [...example.matchAll(/^([A-Z0-9_]+)=(.*)$/gm)];

  it('are the ones that .env.example shows, each once', () => {
    assert.deepEqual(lines.map((line) => line[1]).sort(), [...SETTINGS].sort());
  });

  it('are accepted with the values that .env.example shows, once the empty ones are filled in', () => {
    const shown = Object.fromEntries(lines.map((line) => [line[1], line[2]]));
    const guid = '00000000-0000-4000-8000-000000000001';

    const config = parseConfig({
      ...shown,
      COUNTERSIGN_SETTINGS: `${root}settings.example.yml`,
      COUNTERSIGN_TENANT_ID: guid,
      COUNTERSIGN_BOT_APP_ID: guid,
      COUNTERSIGN_BOT_APP_PASSWORD: 'made up',
      COUNTERSIGN_TEAMS_APP_ID: guid,
      COUNTERSIGN_CLOUDTRAIL_KEYS: 'made-up-0123456789-0123456789-0123456789',
      COUNTERSIGN_AUDIT_KEY: createKey(),
      NODE_ENV: 'production',
    });

    assert.equal(config.port, 3978);
  });

  it('of the operator are all in settings.example.yml, set or in a comment, and it is valid', () => {
    const text = textOf('settings.example.yml');

    const settings = parseSettings(text, '.');

    /** Read into another unit or form than they are written in. */
    const written = (key: string): string =>
      key === 'ruleFolders' ? 'rules' : key.replace(/(?<=[a-z])(?:Ms|Minute)$/, '');
    const ofOnePolicy = ['stage', 'dryRun', 'threshold', 'timespan', 'only', 'except', 'asking'];
    const ofItsAsking = Object.keys(askingForm);
    const ofScopes = ['accounts', 'regions', 'networks', 'users', 'groups'];
    const keys = (value: unknown): readonly string[] =>
      typeof value === 'object' && value !== null && !Array.isArray(value)
        ? Object.entries(value).flatMap(([key, inner]) => [written(key), ...keys(inner)])
        : [];
    const known = [...keys(settings), ...ofOnePolicy, ...ofItsAsking, ...ofScopes];
    const missing = known.filter((key) => !new RegExp(`(?:^[\\s#-]*|[{,] )${key}:`, 'm').test(text));
    assert.deepEqual(missing, []);
  });
});
