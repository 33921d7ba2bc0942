// One case, read by several people: each in their own language, whatever the others read, and the records in English.
import assert from 'node:assert/strict';
import type { Language } from '../../src/case/languages.ts';
import { people } from '../../src/sandbox/people.ts';
import { jsonLines, runCommand } from '../helpers/command.ts';
import { refOf, startWorld, type TestWorld } from '../helpers/world.ts';

/** Her directory says English, her Teams German. */
const MORGAN = people.morgan.userPrincipalName;
/** Her directory says French, her Teams nothing. */
const EMMA = people.emma.userPrincipalName;
const CHANNEL = 'channel';

/** Words that every text of some length has in it, and that no other of the four languages knows. */
const USUAL: Readonly<Record<Language, readonly string[]>> = {
  en: ['the', 'and', 'this', 'nobody', 'was asked'],
  de: ['die', 'und', 'nicht', 'eine', 'wurde'],
  fr: ['et', 'une', 'cette', 'dans', 'du'],
  es: ['el', 'los', 'una', 'para', 'usted'],
};
const languagesIn = (words: string): readonly string[] =>
  Object.entries(USUAL)
    .filter(([, usual]) => new RegExp(`(?<!\\p{L})(${usual.join('|')})(?!\\p{L})`, 'iu').test(words))
    .map(([language]) => language);

describe('languages', function () {
  this.timeout(90_000);
  let world: TestWorld;
  beforeEach(async () => {
    world = await startWorld();
    await world.speaks(MORGAN, 'de-DE');
    await world.speaks(EMMA, null);
    // Until she has written once, her directory is all that is known of her.
    await world.say(MORGAN, 'help');
  });
  afterEach(() => world.close());

  /** The case in front of Emma, named by Morgan; the security channel has been told. */
  async function passedOn(): Promise<string> {
    const ref = refOf(await world.fire('bucket-public'));
    await world.cardFor(MORGAN, ref);
    await world.say(MORGAN, `reassign ${ref} ${EMMA}`);
    await world.cardFor(EMMA, ref);
    await world.cardFor(CHANNEL, ref);
    await world.untilIdle();
    return ref;
  }
  const wordsFor = async (user: string, ref: string): Promise<string> =>
    (await world.cardFor(user, ref)).words;
  async function press(user: string, ref: string, offer: string): Promise<string> {
    const { activityId, buttons } = await world.cardFor(user, ref);
    const title = buttons.find(({ data }) => data.offer === offer)?.title;
    assert.ok(title, `no ${offer} for ${user}`);
    return JSON.stringify((await world.click({ user, activityId, title })).answer);
  }
  async function cardsSay(ref: string, expected: Readonly<Record<string, readonly [Language, RegExp]>>) {
    for (const [user, [language, line]] of Object.entries(expected)) {
      const words = await wordsFor(user, ref);
      assert.match(words, line);
      assert.deepEqual(languagesIn(words), [language], words);
    }
  }

  it('asks each in their own, and shows the answer and what came of it so on every copy', async () => {
    const ref = await passedOn();

    await cardsSay(ref, {
      [MORGAN]: ['de', /Liegt bei Emma Petit/],
      [EMMA]: ['fr', /Alex Weber a permis, ou tenté de permettre.*Était-ce voulu\s\?/],
      [CHANNEL]: ['en', /With Emma Petit\. You may answer as well/],
    });

    const answered = await press(EMMA, ref, 'make-private');
    assert.match(answered, /En cours/);
    await world.untilState(ref, 'contained');

    await cardsSay(ref, {
      [MORGAN]: [
        'de',
        /Emma Petit hat „Privat machen“ gewählt.*Wirksam seit \d\d:\d\d:\d\d (?:MEZ|MESZ), zweimal geprüft/,
      ],
      [EMMA]: ['fr', /Emma Petit a choisi «\sRendre privé\s».*A pris effet \(.*\), vérifié deux fois/],
      [CHANNEL]: ['en', /Emma Petit chose \\"Make private\\" at .*Took effect at .*, checked twice/],
    });

    await world.say(EMMA, `undo ${ref}`);
    await world.untilState(ref, 'undone');

    await cardsSay(ref, {
      [MORGAN]: ['de', /Rückgängig gemacht/],
      [EMMA]: ['fr', /Annulé/],
      [CHANNEL]: ['en', /Undone/],
    });
  });

  it('are those of whoever writes: in help, in what a line shows, and in what is refused', async () => {
    const ref = await passedOn();

    for (const [line, answer] of [
      ['help', /Sehen, was gefragt wird: \*\*cases\*\*/],
      ['help undo', /rückgängig machen, was getan wurde/],
      ['cases', /\(offene Frage, mittel\): S3-Bucket öffentlich gemacht/],
      [`case ${ref}`, /Liegt bei Emma Petit/],
      [`approve ${ref} make-private`, /Es wurde nichts getan\. Diese Frage liegt bei jemand anderem\./],
      ['frobnicate', /Das kenne ich nicht\./],
    ] as const) {
      const said = await world.say(MORGAN, line);
      assert.match(said, answer);
      assert.ok(!languagesIn(said).some((one) => one !== 'de'), said);
    }
    assert.match(
      await world.say(EMMA, `reassign ${ref} ${people.alex.userPrincipalName}`),
      /Rien n’a été fait\. .*Alex Weber/,
    );
    assert.match(
      await world.say(people.yuki.userPrincipalName, `undo ${ref}`),
      /Nothing was done|nothing to undo/i,
    );
  });

  it('are English in the trail and on the command line, with times that nobody has to convert', async () => {
    const ref = await passedOn();
    await press(EMMA, ref, 'make-private');
    await world.untilState(ref, 'contained');
    const { id } = await world.theCase(ref);

    const noted: string[] = [];
    for await (const entry of world.store.entries())
      if (entry.caseId === id) noted.push(JSON.stringify([entry.facts, entry.personal]));
    const trail = noted.join('\n');
    const env = { COUNTERSIGN_STATE_DIR: world.directory };
    const { stdout } = await runCommand(['cases', '--json'], { env });

    assert.match(trail, /Morgan Reyes is Alex Weber's manager\./);
    assert.match(trail, /Took effect at \d{4}-\d\d-\d\dT[\d:.]+Z, checked twice\./);
    const [shown] = jsonLines(stdout);
    assert.equal(shown?.reason, 'Emma Petit was named by Morgan Reyes as the one to answer.');
    assert.match(JSON.stringify(shown.runs), /Took effect at \d{4}-\d\d-\d\dT[\d:.]+Z, checked twice\./);
    for (const text of [trail, stdout]) {
      assert.deepEqual(languagesIn(text), ['en']);
      assert.doesNotMatch(text, /"say":|\bCET\b|\bMEZ\b/);
    }
  });

  it('follow whoever sets their Teams to another', async () => {
    const before = refOf(await world.fire('synced-user'));
    assert.match(await wordsFor(MORGAN, before), /Warum Sie gefragt werden/);

    await world.speaks(MORGAN, 'es-MX');
    const said = await world.say(MORGAN, 'cases');
    const next = refOf(await world.fire('bucket-public'));

    assert.match(said, /Escriba/);
    await cardsSay(next, { [MORGAN]: ['es', /Por qué le llega a usted/] });
    await world.say(MORGAN, `dismiss ${before}`);
    await world.untilState(before, 'dismissed');
    assert.match(await wordsFor(MORGAN, before), /Cerrado/);
  });
});
