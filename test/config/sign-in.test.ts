// Where the sign-in page is, and as which application people sign in: everything unsafe or half said is refused at the start.
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { DEFAULT_ASKING } from '../../src/case/asking.ts';
import type { Policy } from '../../src/case/policy.ts';
import type { Environment } from '../../src/config/reader.ts';
import { signInProblems } from '../../src/config/sign-in.ts';
import { type Config, parseConfig } from '../../src/config.ts';
import { BOT, createDeployment, type Deployment, PASSWORD, problemsOf } from '../helpers/settings.ts';

const URL_HERE = 'https://countersign.contoso.example';
const APP = '00000000-0000-4000-8000-0000000000dd';
const MANAGED = { COUNTERSIGN_BOT_APP_TYPE: 'UserAssignedMSI', COUNTERSIGN_BOT_APP_PASSWORD: undefined };

describe('the settings of the sign-in page', () => {
  let made: Deployment;
  beforeEach(() => {
    made = createDeployment();
  });
  afterEach(() => made.remove());

  const signIn = (over: Environment): Config['signIn'] => parseConfig({ ...made.env, ...over }).signIn;
  const problems = (over: Environment): readonly string[] => problemsOf(() => signIn(over));

  it('are none where nothing is set: there is no page then', () => {
    assert.equal(signIn({}), null);
  });

  it('take the bot’s own application, unless another one is named', () => {
    const own = signIn({ COUNTERSIGN_PUBLIC_URL: `${URL_HERE}/` });
    assert.deepEqual([own?.publicUrl, own?.appId, own?.password?.reveal()], [URL_HERE, BOT, PASSWORD]);

    const other = signIn({
      COUNTERSIGN_PUBLIC_URL: URL_HERE,
      COUNTERSIGN_SIGN_IN_APP_ID: APP,
      COUNTERSIGN_SIGN_IN_APP_PASSWORD: 'sign-in-password-never-shown',
    });
    assert.deepEqual([other?.appId, other?.password?.reveal()], [APP, 'sign-in-password-never-shown']);
    assert.doesNotMatch(inspect(other, { depth: null }), /never-shown/);
  });

  it('let a managed identity vouch for another application, and never send anybody to sign in to the identity', () => {
    const config = signIn({
      ...MANAGED,
      COUNTERSIGN_PUBLIC_URL: URL_HERE,
      COUNTERSIGN_SIGN_IN_APP_ID: APP,
    });
    assert.deepEqual([config?.appId, config?.password], [APP, null]);

    for (const id of [undefined, BOT]) {
      const found = problems({
        ...MANAGED,
        COUNTERSIGN_PUBLIC_URL: URL_HERE,
        COUNTERSIGN_SIGN_IN_APP_ID: id,
      });
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0] ?? '', /^COUNTERSIGN_SIGN_IN_APP_ID is missing: nobody can sign in to a managed/);
    }
  });

  const wrong: readonly (readonly [string, RegExp])[] = [
    ['countersign.contoso.example', /must be https:/],
    ['http://countersign.contoso.example', /must be https:/],
    ['https://countersign.contoso.example/bot', /with nothing behind it/],
    ['https://countersign.contoso.example/?a=b', /with nothing behind it/],
    ['https://countersign.contoso.example/#a', /with nothing behind it/],
    ['https://somebody:secret@countersign.contoso.example', /with nothing behind it/],
    ['ftp://127.0.0.1', /must be https:/],
    ['http://127.0.0.1.evil.example', /must be https:/],
    ['javascript:alert(1)', /must be https:/],
  ];
  for (const [given, says] of wrong)
    it(`refuse ${given} as the place where people reach this server, and do not repeat it`, () => {
      const found = problems({ COUNTERSIGN_PUBLIC_URL: given });

      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0] ?? '', says);
      assert.doesNotMatch(found[0] ?? '', /somebody/);
    });

  it('take plain http on this machine alone, and in production not even there', () => {
    for (const url of ['http://127.0.0.1:3978', 'http://localhost:3978', 'http://[::1]:3978']) {
      assert.equal(signIn({ COUNTERSIGN_PUBLIC_URL: url })?.publicUrl, url);
      const found = problems({ COUNTERSIGN_PUBLIC_URL: url, NODE_ENV: 'production' });
      assert.match(found.join('\n'), /COUNTERSIGN_PUBLIC_URL must be https:/);
    }
  });

  const half: readonly (readonly [Environment, RegExp])[] = [
    [{ COUNTERSIGN_SIGN_IN_APP_ID: APP }, /^COUNTERSIGN_SIGN_IN_APP_ID only counts with/],
    [{ COUNTERSIGN_SIGN_IN_APP_PASSWORD: 'x' }, /^COUNTERSIGN_SIGN_IN_APP_PASSWORD only counts with/],
    [
      { COUNTERSIGN_PUBLIC_URL: URL_HERE, COUNTERSIGN_SIGN_IN_APP_ID: APP },
      /^COUNTERSIGN_SIGN_IN_APP_PASSWORD is missing/,
    ],
    [
      {
        COUNTERSIGN_PUBLIC_URL: URL_HERE,
        COUNTERSIGN_SIGN_IN_APP_ID: 'mine',
        COUNTERSIGN_SIGN_IN_APP_PASSWORD: 'x',
      },
      /^COUNTERSIGN_SIGN_IN_APP_ID is not a GUID/,
    ],
  ];
  for (const [env, says] of half)
    it(`refuse what is half said: ${Object.keys(env).join(', ')}`, () => {
      const found = problems(env);

      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0] ?? '', says);
    });

  it('are demanded by each policy that asks and takes a fresh sign-in, and by no other', () => {
    const policy = (id: string, freshSignIn: boolean, stage: Policy['stage'] = 'ask') =>
      ({ id, stage, asking: { ...DEFAULT_ASKING, freshSignIn } }) as Policy;
    const all = [policy('a', true), policy('b', false), policy('c', true, 'off'), policy('d', true)];

    const found = signInProblems(all, null);

    assert.deepEqual(
      found.map((line) => /the policy (\w+) demands/.exec(line)?.[1]),
      ['a', 'd'],
    );
    assert.deepEqual(signInProblems(all, { publicUrl: URL_HERE, appId: APP, password: null }), []);
  });
});
