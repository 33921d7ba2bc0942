// What actions on people say, as others than English readers read it: what varies by number, place and state.
import assert from 'node:assert/strict';
import { type Said, say } from '../../src/case/said.ts';
import { accountGone, nothingLeft } from '../../src/govern/users/protected-users.ts';
import { riskSaid } from '../../src/govern/users/risk.ts';
import { scopesSaid } from '../../src/govern/users/scope-words.ts';
import { english, inLanguage } from '../helpers/english.ts';

const person = 'Alex Weber';
const risk = (level: string, state: string) => riskSaid({ level, state, updatedAt: null });

describe('what actions on people say', () => {
  const german: readonly (readonly [string, Said, string])[] = [
    [
      'an account that has gone',
      nothingLeft(accountGone(person)),
      'Das Konto von Alex Weber gibt es nicht mehr. Es gibt also nichts mehr rückgängig zu machen.',
    ],
    [
      'where an account is suspended',
      say('users.sign-in.state', { where: 'active_directory' }),
      'im Active Directory gesperrt, nicht in Entra',
    ],
    [
      'how somebody was asked, and when',
      say('users.notify.was-asked', { person, way: 'mail', when: { time: '2026-03-02T10:00:00.000Z' } }),
      'Alex Weber wurde per E-Mail gefragt: 2. März 2026, 11:00:00 MEZ.',
    ],
    ['a risk', risk('high', 'confirmedCompromised'), 'hoch, als kompromittiert bestätigt'],
    [
      'one permission',
      say('users.app.takes-back', { n: 1, app: 'Invoice Helper', permissions: scopesSaid(['Mail.Read']) }),
      'Nimmt 1 Berechtigung von „Invoice Helper“ zurück: E-Mails lesen (Mail.Read).',
    ],
    [
      'days',
      say('users.password.none-set-in-days', { person, days: 7 }),
      'Alex Weber hat 7 Tage lang kein neues Kennwort festgelegt. Ob Active Directory eines verlangt, ist also nicht bekannt.',
    ],
  ];
  for (const [what, said, text] of german)
    it(`is German for a German reader: ${what}`, () => {
      assert.equal(inLanguage('de', said), text);
    });

  it('lists permissions as French readers list things', () => {
    assert.equal(
      inLanguage('fr', scopesSaid(['Mail.Read', 'Mail.Send', 'Odd.Scope'])),
      'lire les e-mails (Mail.Read), envoyer des e-mails (Mail.Send) et Odd.Scope',
    );
  });

  it('counts permissions beyond the tenth in Spanish', () => {
    const scopes = Array.from({ length: 12 }, (_, at) => `Odd.Scope${at}`);

    assert.match(inLanguage('es', scopesSaid(scopes)), /Odd\.Scope9 y 2 más$/);
  });

  it('leaves levels and states that Microsoft adds as they are called', () => {
    for (const write of [english, (said: Said) => inLanguage('de', said)])
      assert.equal(write(risk('severe', 'whatMicrosoftAddsNext')), 'severe, whatMicrosoftAddsNext');
  });

  it('lets no text pass for a message', () => {
    assert.equal(
      english(accountGone('{name, plural, other {#}} <b>')),
      'There is no account of {name, plural, other {#}} <b> any more.',
    );
  });
});
