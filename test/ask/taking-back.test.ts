// Who finds "That was a mistake" on their card, and for how long: whoever gave the answer, and the security team.
import assert from 'node:assert/strict';
import { people } from '../../src/sandbox/people.ts';
import { createTestApp } from '../helpers/app.ts';
import { settings } from '../helpers/cases.ts';

const { morgan, dana, yuki } = people;
const BUTTON = /"verb":"correct"/;

describe('taking an answer back', () => {
  it('is on the card of whoever gave it and of the security team, once it was given, as long as something could be undone', async () => {
    let now = Date.now();
    const test = await createTestApp({}, { clock: { now: () => now } });
    try {
      const about = await test.open('bucket-public');
      assert.doesNotMatch(await test.say(morgan, `case ${about.ref}`), BUTTON);

      await test.click(morgan, { verb: 'dismiss', about });
      await test.settled(about.ref);

      for (const person of [morgan, yuki])
        assert.match(await test.say(person, `case ${about.ref}`), BUTTON, person.displayName);
      assert.doesNotMatch(await test.say(dana, `case ${about.ref}`), BUTTON);
      assert.match(await test.say(morgan, `case ${about.ref}`), /correct [A-Z0-9]{8}/);
      now += settings.governance.undoWindowMs + 1;
      for (const person of [morgan, yuki])
        assert.doesNotMatch(await test.say(person, `case ${about.ref}`), BUTTON, person.displayName);
    } finally {
      await test.close();
    }
  });

  it('is there at once where nothing that was done can be undone, and only after Undo where it can', async () => {
    const test = await createTestApp();
    try {
      const about = await test.open('bucket-public');
      await test.say(morgan, `approve ${about.ref} sign-out`);
      await test.settled(about.ref);
      assert.match(await test.say(morgan, `case ${about.ref}`), BUTTON);

      assert.match(await test.say(morgan, `correct ${about.ref}`), /asked again/);
      await test.settled(about.ref);
      await test.say(morgan, `approve ${about.ref} make-private`);
      assert.equal((await test.settled(about.ref)).state, 'contained');
      assert.doesNotMatch(await test.say(morgan, `case ${about.ref}`), BUTTON);
      assert.match(await test.say(morgan, `correct ${about.ref}`), /Press Undo first/);
    } finally {
      await test.close();
    }
  });
});
