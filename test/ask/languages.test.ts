// The same case for readers of four languages: every word of it in theirs, and others' text as it came.
import assert from 'node:assert/strict';
import { digestCard, selectLines } from '../../src/ask/digest-data.ts';
import { plainText } from '../../src/ask/plain-text.ts';
import { SECURITY_READER } from '../../src/case/ask-step.ts';
import type { Case } from '../../src/case/case.ts';
import type { DigestId } from '../../src/case/ids.ts';
import type { Language } from '../../src/case/languages.ts';
import { labelSaid } from '../../src/case/policy-words.ts';
import { asked } from '../../src/case/rung-words.ts';
import { say } from '../../src/case/said.ts';
import { DEFAULT_VISIBILITY } from '../../src/case/visibility.ts';
import { takesFor } from '../../src/decide/takes.ts';
import policyWords from '../../words/en/policies.json' with { type: 'json' };
import { aCase, MANAGER, QUESTION, SUBJECT, settings } from '../helpers/cases.ts';
import { writerIn } from '../helpers/english.ts';
import { cardFor, contentFor, NOW, textOf } from './reading-room.ts';

const LOCALES = { en: 'en-GB', de: 'de-DE', fr: 'fr-FR', es: 'es-ES' } as const;
const morgan = { kind: 'person', id: MANAGER, name: 'Morgan Reyes' } as const;

/** Of a policy as it comes with us, with what the rooms of the app say of it. */
function aboutBucket(over: Partial<Case> = {}): Case {
  const { policy, question } = aCase();
  const [offer] = question?.offers ?? [];
  const [action] = offer?.actions ?? [];
  assert.ok(question && offer && action);
  const says = [say('s3.account.closes', { n: 2, names: ['invoices', 'payroll'] })];
  return aCase({
    severity: 'high',
    seen: 12_346,
    firstSeenAt: '2026-11-20T22:59:00.000Z',
    policy: {
      ...policy,
      title: policyWords['aws-s3-bucket-public.title'],
      question: policyWords['aws-s3-bucket-public.question'],
    },
    question: {
      ...question,
      reason: asked(say('route.who.manager', { name: 'Morgan Reyes', subject: 'Alex Weber' })),
      withheld: [],
      offers: [
        {
          ...offer,
          label: labelSaid({ label: 'Make private' }, 'Alex Weber'),
          actions: [{ ...action, says, undo: { possible: true, says: say('s3.account.undo-removes') } }],
        },
      ],
    },
    ...over,
  });
}

const assertSays = (words: string, lines: readonly string[]): void => {
  // French spaces at which no line may break.
  const read = words.replaceAll('\u00A0', ' ');
  for (const line of lines) assert.ok(read.includes(line), `nowhere: ${line}\n${words}`);
};

/** What no card in another language says. */
const ENGLISH = /Should |Why this|Comment \(|Technical details|Hand to security|\bCase K7|Undo|has to agree/;

const CARDS: readonly (readonly [
  language: Language,
  card: string,
  over: Partial<Case>,
  reader: string,
  lines: readonly string[],
])[] = (
  [
    [
      'de',
      [
        'Alex Weber hat invoices für Personen außerhalb des Unternehmens zugänglich gemacht oder es versucht. War das beabsichtigt?',
        '"21. Nov. 2026, 09:59 MEZ (12.345 weitere seit 20. Nov. 2026, 23:59 MEZ)"',
        'Warum Sie gefragt werden: Morgan Reyes ist die Führungskraft von Alex Weber.',
        '**Privat machen:** Außenstehende haben keinen Zugriff mehr auf 2 öffentliche Buckets: invoices und payroll.',
        '"title":"Privat machen"',
        'Eine weitere Person muss zustimmen.',
      ],
      [
        'Als erwartet geschlossen',
        'Morgan Reyes hat gesagt, dass dies erwartet war (13:04 MEZ). Kommentar: **as planned**',
      ],
      ['Guten Tag Alex Weber', 'S3-Bucket öffentlich gemacht', '"21. Nov. 2026, 09:59 MEZ"'],
    ],
    [
      'fr',
      [
        'Alex Weber a permis, ou tenté de permettre, à des personnes extérieures à l’entreprise d’accéder à invoices. Était-ce voulu ?',
        '21 nov. 2026, 09:59 UTC+1 (et 12 345 de plus ; début : 20 nov. 2026, 23:59 UTC+1)',
        'Morgan Reyes encadre Alex Weber.',
        '"title":"Rendre privé"',
        'n’ont plus accès à 2 buckets publics : invoices et payroll.',
      ],
      ['Clos : c’était attendu', 'Morgan Reyes a dit que c’était attendu (13:04 UTC+1)'],
      ['Bonjour Alex Weber', 'Bucket S3 rendu public'],
    ],
    [
      'es',
      [
        'Alex Weber hizo posible que personas ajenas a la empresa accedan a invoices, o lo intentó. ¿Era intencionado?',
        '21 nov 2026, 09:59 CET (12.345 más; inicio: 20 nov 2026, 23:59 CET)',
        'Morgan Reyes es responsable de Alex Weber.',
        '"title":"Hacer privado"',
        'ya no pueden entrar en 2 buckets públicos: invoices y payroll.',
      ],
      ['Cerrado como esperado', 'Morgan Reyes dijo que era esperado (13:04 CET)'],
      ['Hola, Alex Weber', 'Bucket de S3 hecho público'],
    ],
  ] as const
).flatMap(([language, question, outcome, notice]) => [
  [language, 'question', {}, MANAGER, question] as const,
  [
    language,
    'outcome',
    {
      state: 'dismissed',
      decisions: [{ verb: 'dismiss', by: morgan, at: '2026-11-21T12:04:00.000Z', comment: '**as planned**' }],
    } as Partial<Case>,
    MANAGER,
    outcome,
  ] as const,
  [language, 'notice', {}, SUBJECT, notice] as const,
]);

describe('a card', () => {
  for (const [language, card, over, reader, lines] of CARDS)
    it(`is in the language of its reader: ${card}, ${language}`, async () => {
      const words = await cardFor(aboutBucket(over), { teams: LOCALES[language], reader });

      assertSays(words, lines);
      assert.doesNotMatch(words, ENGLISH);
    });

  for (const [language, lines] of [
    ['de', ['"2 Fragen an Sie"', 'Alex Weber hat invoices für Personen', '1.234-mal', 'Hoch']],
    ['fr', ['"2 questions pour vous"', 'Alex Weber a permis', '1 234', 'Élevée']],
    ['es', ['"2 preguntas para usted"', 'Alex Weber hizo posible', '1234', 'Alta']],
  ] as const)
    it(`is in the language of its reader: digest, ${language}`, () => {
      const about = aboutBucket({ seen: 1_234 });
      const listed = [about, { ...about, id: 'case-2' as Case['id'], ref: 'K7M2PQRT' }].map((one, atMs) => ({
        ...{ about: one, questionId: QUESTION, atMs },
      }));
      const content = digestCard('d'.repeat(32) as DigestId, 1, selectLines(listed, MANAGER), MANAGER, {
        ...{ write: writerIn(language, NOW), isDryRun: () => false, shown: (one: Case) => one },
        takes: (one) => takesFor(one, { reader: MANAGER, at: NOW, isDryRun: false }, settings),
      });
      const words = textOf(content);

      assertSays(words, lines);
      assert.doesNotMatch(words, ENGLISH);
    });

  it("is in the directory's language where Teams says nothing of theirs", async () => {
    const about = aboutBucket();

    const words = await cardFor(about, { directory: 'fr-CA', settings: { locale: 'de-DE' } });

    assertSays(words, ['Alex Weber a permis, ou tenté de permettre', 'Pourquoi vous']);
    assertSays(await cardFor(about, { teams: 'es-MX', directory: 'fr-CA' }), ['Alex Weber hizo posible']);
  });

  it("is in the tenant's language in the security channel, whatever anybody else reads", async () => {
    const reading = { reader: SECURITY_READER, teams: 'fr-FR', directory: 'es-ES' };

    const words = await cardFor(aboutBucket(), { ...reading, settings: { locale: 'de-DE' } });

    assertSays(words, ['Vorgang K7M2PQRS', 'Liegt bei Morgan Reyes. Sie können ebenfalls antworten.']);
    assert.doesNotMatch(words, ENGLISH);
  });
});

describe('what a card hides', () => {
  const KEY = 'plans/merger with Fabrikam.pdf';
  const about = aboutBucket({
    targets: [
      {
        ...{ kind: 'object', account: '123456789012', region: 'eu-central-1' },
        ...{ bucket: 'invoices', key: KEY },
      },
    ],
    outcome: [say('s3.object.gone', { object: KEY })],
    facts: [{ label: 'IP', value: '192.0.2.44', kind: 'address' }],
    deeds: [
      { key: '1', says: `GetObject ${KEY}` },
      { key: '2', says: 'ListBucket' },
    ],
  });
  const hidden = { ...settings, visibility: { ...DEFAULT_VISIBILITY, files: false, addresses: false } };

  for (const state of ['asking', 'contained'] as const)
    it(`is hidden in German as well, and called so in German: ${state}`, async () => {
      const words = await cardFor({ ...about, state }, { teams: 'de-DE', settings: hidden });

      assert.doesNotMatch(words, /Fabrikam|192\.0\.2\.44|hidden by policy/);
      assertSays(words, [
        'ein Objekt in invoices (laut Regel verborgen)',
        'GetObject (laut Regel verborgen)',
        '"title":"IP","value":"laut Regel verborgen"',
      ]);
    });

  it('is there in German where nothing is hidden', async () => {
    assertSays(await cardFor(about, { teams: 'de-DE' }), [KEY, '192.0.2.44']);
  });
});

describe('what a policy asks', () => {
  const { policy } = aboutBucket();

  it('stays in its own words where the operator changed them, with the names filled in', async () => {
    const label = labelSaid({ label: 'Pull the plug for {subject}' }, 'Alex Weber');
    const { question } = aboutBucket();
    const [offer] = question?.offers ?? [];
    assert.ok(question && offer);
    const about = aboutBucket({
      policy: { ...policy, title: 'Open to all', question: 'Did {subject} mean to open {target} {today}?' },
      question: { ...question, offers: [{ ...offer, label }] },
    });

    const words = await cardFor(about, { teams: 'de-DE' });

    assertSays(words, [
      'Did Alex Weber mean to open invoices {today}?',
      '"title":"Was","value":"Open to all"',
      '"title":"Pull the plug for Alex Weber"',
      'Warum Sie gefragt werden',
    ]);
  });

  it('has in German whoever it does not know', async () => {
    const { subject: _, ...about } = aboutBucket({
      hint: { kind: 'unknown', reason: say('route.unknown.no-caller') },
      policy: { ...policy, question: 'Was this {subject}?' },
    });

    const words = await cardFor({ ...about, subject: null }, { teams: 'de-DE' });

    assertSays(words, ['Was this Jemand?', 'Nicht sicher bekannt: ']);
  });

  for (const id of ['Proc_Creation_Win-LOLBin', 'aws_root'])
    it(`is asked of a rule from outside whose file is called ${id}`, async () => {
      const about = aboutBucket({ policy: { ...policy, id, title: 'A rule', question: 'Is {target} so?' } });

      assertSays(await cardFor(about, { teams: 'de-DE' }), ['Is invoices so?', '"value":"A rule"']);
    });

  it('has labels in scripts that leave nothing for a key', async () => {
    const { question } = aboutBucket();
    const [offer] = question?.offers ?? [];
    assert.ok(question && offer);
    const offers = [{ ...offer, label: labelSaid({ label: '停止' }, 'Alex Weber') }];

    assertSays(await cardFor(aboutBucket({ question: { ...question, offers } }), { teams: 'de-DE' }), [
      '"title":"停止"',
    ]);
  });
});

describe('hostile names', () => {
  const NAMES = [
    '{x}',
    "'{",
    '{n, plural, other {#}}',
    '#',
    '{subject}',
    '{"say":"ask.expected"}',
    '[press](https://evil.example)',
    '$&',
  ];

  for (const language of ['en', 'de', 'fr', 'es'] as const)
    it(`stay text, and are escaped: ${language}`, async () => {
      for (const name of NAMES) {
        const about = aboutBucket({
          subject: { id: SUBJECT, name, userPrincipalName: 'alex.weber@contoso.example' },
          targets: [{ kind: 'bucket', account: '123456789012', region: 'eu-central-1', name }],
        });

        const { data } = await contentFor(about, { teams: LOCALES[language] });

        const headline = String(data.headline);
        assert.equal(headline.split(plainText(`x${name}`, 80).slice(1)).length, 3, headline);
        assert.doesNotMatch(headline, /(?<!\\)[[{}]/);
        assert.ok(!headline.includes('https:'), headline);
      }
    });

  it('are no message where somebody is called like one', async () => {
    const facts = [{ label: 'Name', value: JSON.stringify(say('ask.expected')) }];

    const card = await cardFor(aboutBucket({ facts }), { teams: 'de-DE' });

    assertSays(card, ['{"say":"ask.expected"}']);
  });
});
