import assert from 'node:assert/strict';
import { CountersignError } from '../../../src/case/errors.ts';
import { writeOut } from '../../../src/case/written.ts';
import { parseGraphAlerts } from '../../../src/ingest/sources/graph-alert.ts';
import { english, inLanguage } from '../../helpers/english.ts';

const TENANT = '11111111-2222-4333-8444-555555555555';
const ALEX = 'aaaaaaaa-0000-4000-8000-000000000001';
const KIM = 'aaaaaaaa-0000-4000-8000-000000000002';

const user = (id: string | null, upn: string | null, more: object = {}) => ({
  '@odata.type': '#microsoft.graph.security.userEvidence',
  userAccount: { azureAdUserId: id, userPrincipalName: upn, displayName: upn?.split('@')[0] ?? null },
  ...more,
});
const graphAlert = (more: object = {}) => ({
  id: 'ca0001',
  tenantId: TENANT,
  title: 'Mass download by a single user',
  description: 'Alex downloaded 512 files.',
  category: 'Exfiltration',
  severity: 'medium',
  status: 'new',
  serviceSource: 'microsoftDefenderForCloudApps',
  createdDateTime: '2026-01-12T09:14:02.1234567Z',
  firstActivityDateTime: '2026-01-12T09:02:00Z',
  lastUpdateDateTime: '2026-01-12T09:14:02.1234567Z',
  evidence: [
    user(ALEX, 'alex@contoso.example'),
    {
      '@odata.type': '#microsoft.graph.security.ipEvidence',
      ipAddress: '192.0.2.4',
      countryLetterCode: 'DE',
    },
    { '@odata.type': '#microsoft.graph.security.cloudApplicationEvidence', displayName: 'SharePoint' },
    { '@odata.type': '#microsoft.graph.security.fileEvidence' },
    { '@odata.type': '#microsoft.graph.security.fileEvidence' },
  ],
  ...more,
});
const parse = (body: unknown) => parseGraphAlerts(body, { tenantId: TENANT });
const one = (body: unknown) => {
  const [alert] = parse(body);
  assert.ok(alert);
  return alert;
};
const refusal = (body: unknown): CountersignError => {
  try {
    parse(body);
  } catch (error) {
    assert.ok(error instanceof CountersignError);
    return error;
  }
  throw new assert.AssertionError({ message: 'was not refused' });
};

describe('A Graph alert', () => {
  it('becomes an alert with its evidence as plain facts, and keeps the record as it came', () => {
    const body = graphAlert({ madeUpLater: { kept: true } });

    const alert = one(body);

    assert.equal(alert.sourceId, 'ca0001');
    assert.equal(alert.occurredAt, '2026-01-12T09:02:00.000Z');
    assert.deepEqual(alert.targets, [{ kind: 'user', id: ALEX, label: 'alex' }]);
    assert.deepEqual(writeOut(alert.facts, english), [
      { label: 'Category', value: 'Exfiltration' },
      { label: 'Application', value: 'SharePoint' },
      { label: 'IP address', value: '192.0.2.4 (DE)', kind: 'address' },
      { label: 'Files named in the alert', value: '2' },
      { label: 'Description', value: 'Alex downloaded 512 files.', kind: 'words' },
    ]);
    assert.deepEqual(alert.event, body);
  });

  it('lists the first few of many, and says how many more there are', () => {
    const evidence = Array.from({ length: 9 }, (_, at) => ({
      '@odata.type': '#microsoft.graph.security.ipEvidence',
      ipAddress: `192.0.2.${at}`,
    }));
    const [{ label, value } = assert.fail()] = one(graphAlert({ evidence })).facts.filter(
      ({ kind }) => kind === 'address',
    );

    assert.equal(english(value), '192.0.2.0, 192.0.2.1, 192.0.2.2, 192.0.2.3 and 5 more');
    assert.equal(
      `${inLanguage('fr', label)}: ${inLanguage('fr', value)}`,
      'Adresse IP: 192.0.2.0, 192.0.2.1, 192.0.2.2, 192.0.2.3 et 5 autres',
    );
  });

  it('lists the files and the other people that it names, as what they are', () => {
    const named = (type: string, fields: object) => ({
      '@odata.type': `#microsoft.graph.security.${type}`,
      ...fields,
    });
    const { facts } = one(
      graphAlert({
        evidence: [
          named('userEvidence', { roles: ['compromised'], userAccount: { displayName: 'Alex Weber' } }),
          named('userEvidence', { userAccount: { displayName: 'Mia Fischer' } }),
          named('userEvidence', { userAccount: { userPrincipalName: 'tom@contoso.example' } }),
          ...['a.docx', 'a.docx', null].map((fileName) =>
            named('fileEvidence', { fileDetails: { fileName } }),
          ),
        ],
      }),
    );

    assert.deepEqual(
      writeOut(facts, english).filter(({ kind }) => kind === 'file' || kind === 'person'),
      [
        { label: 'Files', value: 'a.docx', kind: 'file' },
        { label: 'Also named', value: 'Mia Fischer, tom@contoso.example', kind: 'person' },
      ],
    );
  });

  for (const [form, body] of [
    ['one object', graphAlert()],
    ['an array', [graphAlert()]],
    ['a list as Graph answers it', { '@odata.context': 'x', value: [graphAlert()] }],
  ] as const)
    it(`is taken as ${form}`, () => assert.equal(parse(body).length, 1));

  it('may be none at all in an empty list', () => assert.deepEqual(parse({ value: [] }), []));

  for (const [severity, expected] of [
    ['informational', 'informational'],
    ['low', 'low'],
    ['medium', 'medium'],
    ['high', 'high'],
    ['High', 'high'],
    ['unknown', 'medium'],
    ['unknownFutureValue', 'high'],
    ['constructor', 'high'],
    [null, 'medium'],
    [undefined, 'medium'],
  ] as const)
    it(`of severity ${severity} counts as ${expected}`, () =>
      assert.equal(one(graphAlert({ severity })).severity, expected));

  for (const [status, resolved] of [
    ['new', false],
    ['inProgress', false],
    ['resolved', true],
    ['unknownFutureValue', false],
    [null, false],
  ] as const)
    it(`of status ${status} is ${resolved ? '' : 'not '}resolved`, () =>
      assert.equal(one(graphAlert({ status })).resolved, resolved));

  it('keeps service sources and evidence types that were never seen before', () => {
    const evidence = [{ '@odata.type': '#microsoft.graph.security.hologramEvidence', roles: ['dreamt'] }];
    const alert = one(graphAlert({ serviceSource: 'microsoftDefenderForMars', evidence }));

    assert.deepEqual(alert.event.evidence, evidence);
    assert.equal(alert.event.serviceSource, 'microsoftDefenderForMars');
  });

  for (const [written, revision] of [
    ['2026-01-12T09:14:02Z', '2026-01-12T09:14:02.0000000Z'],
    ['2026-01-12T09:14:02.5Z', '2026-01-12T09:14:02.5000000Z'],
    ['2026-01-12T09:14:02.1234567Z', '2026-01-12T09:14:02.1234567Z'],
    ['2026-01-12T10:14:02.1+01:00', '2026-01-12T09:14:02.1000000Z'],
  ] as const)
    it(`updated at ${written} has the revision ${revision}, so that later ones are greater`, () =>
      assert.equal(one(graphAlert({ lastUpdateDateTime: written })).revision, revision));

  it('whose activity has no date happened when it was created', () => {
    const alert = one(graphAlert({ firstActivityDateTime: '0001-01-01T00:00:00Z' }));

    assert.equal(alert.occurredAt, '2026-01-12T09:14:02.123Z');
  });

  it('cuts a long title without breaking a character in two', () => {
    const title = english(one(graphAlert({ title: `${'a'.repeat(198)}😀😀` })).title);

    assert.ok(title.length <= 200 && title.isWellFormed() && title.endsWith('…'), title);
  });
});

describe('The people of a Graph alert', () => {
  const first = (evidence: object[]) => one(graphAlert({ evidence })).mentions[0];

  it('come in the order of the evidence where no role tells them apart', () =>
    assert.equal(first([user(ALEX, null), user(KIM, null)])?.objectId, ALEX));

  for (const roles of [['compromised'], ['suspicious'], ['policyViolator'], ['attacker']])
    it(`begin with the one whose role is ${roles}`, () =>
      assert.equal(first([user(KIM, null), user(ALEX, null, { roles })])?.objectId, ALEX));

  it('begin with the one whom the free-text role calls the main user', () =>
    assert.equal(
      first([user(KIM, null), user(ALEX, null, { detailedRoles: ['Main user'] })])?.objectId,
      ALEX,
    ));

  it('put a bystander behind somebody without a role', () =>
    assert.equal(first([user(KIM, null, { roles: ['contextual'] }), user(ALEX, null)])?.objectId, ALEX));

  it('take nobody from other evidence for the subject, but name them', () => {
    const mailbox = {
      '@odata.type': '#microsoft.graph.security.mailboxEvidence',
      upn: 'kim@contoso.example',
      userAccount: { azureAdUserId: KIM },
    };
    const alert = one(graphAlert({ evidence: [mailbox] }));

    assert.deepEqual(alert.mentions, [{}, { objectId: KIM, userPrincipalName: 'kim@contoso.example' }]);
    assert.deepEqual(alert.targets, []);
    assert.equal(first([mailbox, user(ALEX, null)])?.objectId, ALEX);
  });

  it('are each named once', () => {
    const evidence = [user(null, 'Alex@contoso.example'), user(ALEX, 'alex@contoso.example')];
    const { mentions } = one(graphAlert({ evidence }));

    assert.deepEqual(mentions, [
      { objectId: ALEX, userPrincipalName: 'Alex@contoso.example', displayName: 'Alex' },
    ]);
  });

  it('are no target of ours without an object id', () => {
    const alert = one(graphAlert({ evidence: [user(null, 'alex@contoso.example')] }));

    assert.deepEqual(alert.targets, [{ kind: 'resource', id: 'alex@contoso.example', label: 'alex' }]);
  });

  it('do not count with an object id that is none', () =>
    assert.equal(first([user("x' or 1 eq 1", 'alex@contoso.example')])?.objectId, undefined));
});

describe('The fingerprint of a Graph alert', () => {
  const print = (more: object = {}): string => one(graphAlert(more)).fingerprint;
  const [alex, ...others] = graphAlert().evidence;

  for (const [what, more] of [
    ['status', { status: 'inProgress' }],
    ['classification', { classification: 'truePositive', determination: 'compromisedAccount' }],
    ['comments', { comments: [{ comment: 'Countersign asked Morgan.' }] }],
    ['assignment', { assignedTo: 'ben@contoso.example' }],
    ['update time', { lastUpdateDateTime: '2026-01-13T00:00:00Z', resolvedDateTime: '2026-01-13T00:00:00Z' }],
    ['system tags', { systemTags: ['Defender Experts'], customDetails: { a: 1 } }],
    ['incident', { incidentId: '77' }],
    ['a field of the future', { somethingNew: 1 }],
    ['order of the evidence', { evidence: [...others, alex] }],
    [
      'verdicts on the evidence',
      { evidence: [{ ...alex, verdict: 'malicious', remediationStatus: 'remediated' }, ...others] },
    ],
  ] as const)
    it(`stays the same when only the ${what} changes: no news`, () => assert.equal(print(more), print()));

  for (const [what, more] of [
    ['title', { title: 'Another' }],
    ['severity', { severity: 'high' }],
    ['evidence', { evidence: [alex] }],
    ['last activity', { lastActivityDateTime: '2026-01-12T11:00:00Z' }],
  ] as const)
    it(`changes with the ${what}`, () => assert.notEqual(print(more), print()));
});

describe('A malformed Graph alert', () => {
  for (const [what, body, message] of [
    ['no object', 'hello', /^body: /],
    ['null', null, /^body: /],
    ['a number in a list', [graphAlert(), 7], /^\[1\]: /],
    ['no id', graphAlert({ id: undefined }), /^id: /],
    ['an empty id', graphAlert({ id: '' }), /^id: /],
    ['an endless id', graphAlert({ id: 'a'.repeat(257) }), /^id: /],
    [
      'no update time',
      { value: [graphAlert(), graphAlert({ lastUpdateDateTime: undefined })] },
      /^value\[1\]\.lastUpdateDateTime: /,
    ],
    [
      'an update time in words',
      { value: [graphAlert({ lastUpdateDateTime: 'yesterday' })] },
      /^value\[0\]\.lastUpdateDateTime: not an ISO 8601/,
    ],
    ['30 February', graphAlert({ lastUpdateDateTime: '2026-02-30T00:00:00Z' }), /^lastUpdateDateTime: /],
    [
      'a time without a zone',
      graphAlert({ lastUpdateDateTime: '2026-02-03T00:00:00' }),
      /^lastUpdateDateTime: /,
    ],
    ['evidence that is a text', graphAlert({ evidence: 'x' }), /^evidence: /],
    ['evidence that is null', graphAlert({ evidence: [null] }), /^evidence\[0\]: /],
    [
      'a user who is a list',
      graphAlert({ evidence: [{ userAccount: [1] }] }),
      /^evidence\[0\]\.userAccount: /,
    ],
    ['a title that is a number', graphAlert({ title: 4 }), /^title: /],
    ['a value that is no list', { value: graphAlert() }, /^value: expected an array/],
  ] as const)
    it(`with ${what} is refused, the field named`, () => {
      const error = refusal(body);

      assert.equal(error.code, 'ingest.malformed');
      assert.match(error.message, message);
      assert.equal(error.retryable, false);
    });

  it('takes the whole list down with it: nothing is half-taken', () =>
    assert.equal(refusal([graphAlert(), graphAlert({ id: 3 })]).code, 'ingest.malformed'));

  for (const [what, body, hint] of [
    [
      'of the retired v1',
      { id: 'a', azureTenantId: TENANT, vendorInformation: {}, userStates: [] },
      /retired \/security\/alerts/,
    ],
    [
      'of Defender for Cloud Apps itself',
      { _id: 'a', URL: 'https://x.example', entities: [], statusValue: 0 },
      /Cloud Apps' own/,
    ],
    ['of Sentinel itself', { SystemAlertId: 'a', VendorName: 'Microsoft' }, /Sentinel/],
    ['that is a change notification', { subscriptionId: 'a', changeType: 'updated' }, /notification/],
  ] as const)
    it(`${what} is refused with what to send instead`, () => {
      const error = refusal({ value: [graphAlert(), body] });

      assert.equal(error.code, 'ingest.malformed');
      assert.match(error.message, hint);
      assert.match(error.message, /^value\[1\]: .*alerts_v2/);
    });

  it('of another tenant is refused as such', () => {
    const error = refusal([graphAlert({ tenantId: 'f0f0f0f0-2222-4333-8444-555555555555' })]);

    assert.equal(error.code, 'ingest.wrong-tenant');
    assert.match(error.message, /^\[0\]\.tenantId: /);
  });

  it('of our tenant in capitals, or without a tenant, is taken', () =>
    assert.equal(
      parse([graphAlert({ tenantId: TENANT.toUpperCase() }), graphAlert({ tenantId: null })]).length,
      2,
    ));

  it('nested a hundred thousand levels deep is refused, and the process lives', () => {
    const deep = JSON.parse(`{"id":"a","x":${'['.repeat(100_000)}${']'.repeat(100_000)}}`);

    assert.match(refusal(deep).message, /nested deeper than 64/);
  });

  it('never echoes what it was sent', () =>
    assert.doesNotMatch(refusal(graphAlert({ lastUpdateDateTime: 'S3cret' })).message, /S3cret/));
});

describe('Hostile text in a Graph alert', () => {
  it('loses what no database can store, in keys and in values, and nothing else', () => {
    const alert = one(graphAlert({ title: 'a\0b\ud800c', note: 'C:\\u0000 "quoted" \n 😀', 'k\0y': 1 }));

    assert.equal(alert.title, 'a\ufffdb\ufffdc');
    assert.equal(alert.event.note, 'C:\\u0000 "quoted" \n 😀');
    assert.equal(alert.event['k\ufffdy'], 1);
  });

  it('cannot reach a prototype', () => {
    const body = JSON.parse(
      JSON.stringify(graphAlert()).replace(
        '{',
        '{"__proto__":{"severity":"high","resolved":true},"constructor":{"prototype":{"x":1}},',
      ),
    );
    const alert = one(body);

    assert.equal(alert.severity, 'medium');
    assert.equal(({} as Record<string, unknown>).x, undefined);
    assert.equal(Object.getPrototypeOf(alert.event), Object.prototype);
  });
});
