// One whole life of an S3 action on one site, as the product lives it: plan, change, proof, undo, proof, with a look from outside
// before, between and after.
import assert from 'node:assert/strict';
import type { CaseId, RunId } from '../../src/case/ids.ts';
import type { JsonObject } from '../../src/case/json.ts';
import type { Target } from '../../src/case/target.ts';
import { type Written, writeOut } from '../../src/case/written.ts';
import type { GovernanceAction, Plan } from '../../src/govern/action.ts';
import { settings } from './cases.ts';
import { english } from './english.ts';
import { createFakeWorld, worldOf } from './fake-world.ts';
import type { SeenRequest } from './recording-proxy.ts';
import type { Caller, S3Site } from './s3-site.ts';

export type Counterpart = Pick<S3Site, 'canonicalIds'>;

/** `BUCKET` stands for the bucket's name. */
export const allow = (principal: string | JsonObject, more: JsonObject = {}): JsonObject => ({
  Effect: 'Allow',
  Principal: principal,
  Action: ['s3:GetObject', 's3:ListBucket'],
  Resource: ['arn:aws:s3:::BUCKET', 'arn:aws:s3:::BUCKET/*'],
  ...more,
});
export const document = (...statements: readonly JsonObject[]): JsonObject => ({
  Version: '2012-10-17',
  Statement: statements,
});

/** Who gets at the object and at the listing, or at one of them only. */
export interface Access {
  readonly both?: readonly Caller[];
  readonly lists?: readonly Caller[];
  readonly reads?: readonly Caller[];
}
/** Where the two S3s differ, the site decides: why is said in `s3-differences.test.ts`. */
export type ExpectedAccess = Access | ((site: S3Site) => Access);

/** As `readers` says it, of those whom the site knows. */
export function lines(site: S3Site, expected: ExpectedAccess): readonly string[] {
  const { both = [], lists = [], reads = [] } = typeof expected === 'function' ? expected(site) : expected;
  const known = (names: readonly Caller[]) => names.filter((who) => site.callers.includes(who));
  return [
    ...known([...both, ...lists]).map((who) => `${who} lists`),
    ...known([...both, ...reads]).map((who) => `${who} reads`),
  ].sort();
}

/** Whom a grant to everybody lets in beside strangers: on radosgw the owner's own people too. */
export const strangers = (site: S3Site): readonly Caller[] =>
  site.name === 'radosgw'
    ? ['anonymous', 'sam', 'pat', 'kim', 'reader']
    : ['anonymous', 'pat', 'kim', 'reader'];
export const withKeys = (site: S3Site): readonly Caller[] =>
  strangers(site).filter((who) => who !== 'anonymous');

/** Who gets what right now, by asking: `anonymous lists`, `olu reads`. Throws on any status but 200 and 403. */
export async function readers(site: S3Site, bucket: string, key = 'report.txt'): Promise<readonly string[]> {
  const found = await Promise.all(
    site.callers.flatMap((who) =>
      ([['lists'], ['reads', key]] as const).map(async ([verb, object]) => {
        const status = await site.status(who, bucket, object);
        assert.ok(status === 200 || status === 403, `${who} ${verb}: ${status}`);
        return status === 200 ? [`${who} ${verb}`] : [];
      }),
    ),
  );
  return found.flat().sort();
}

/** `PUT policy`: what a write was about. */
export const subresource = ({ method, url }: SeenRequest): string =>
  `${method} ${[...new URL(url, 'http://127.0.0.1').searchParams.keys()].find((name) => name !== 'x-id') ?? ''}`;

interface Three<Value> {
  readonly before: Value;
  readonly after: Value;
  readonly undone: Value;
}
export interface Round<State, Probe> {
  /** As it reads in English. */
  readonly plan: Written<Plan>;
  readonly proof: string;
  readonly states: Three<State>;
  readonly probes: Three<Probe>;
  /** Writes of the action, then of its undo. */
  readonly writes: { readonly change: readonly SeenRequest[]; readonly undo: readonly SeenRequest[] };
}

/** Fails unless each step says that it took effect, and that nothing had changed in between. */
export async function performAndUndo<T extends Target, State extends JsonObject, Probe>(
  site: S3Site,
  action: GovernanceAction<T, State>,
  target: T,
  probe: () => Promise<Probe>,
): Promise<Round<State, Probe>> {
  const { storage, seen } = await site.storage(action.permissions.aws ?? []);
  const world = worldOf(createFakeWorld(), { storage });
  const note = async (): Promise<void> => {};
  const read = () => action.read(target, world);
  const writesDuring = async (work: () => Promise<void>): Promise<readonly SeenRequest[]> => {
    const from = seen.length;
    await work();
    return seen.slice(from).filter(({ method }) => method !== 'GET');
  };

  const first = await probe();
  const before = await read();
  const plan = writeOut(action.plan(target, before, settings), english);
  assert.equal(plan.kind, 'offered', JSON.stringify(plan));
  const task = { key: 'run-1' as RunId, caseId: 'case-1' as CaseId, caseRef: 'K7M2PQRS', target, before };
  const change = await writesDuring(() => action.execute(task, world, note));
  const proof = await action.verify(task, world);
  assert.equal(proof.kind, 'took-effect', english(proof.says));
  const second = await probe();

  const after = await read();
  const undoing = { ...task, after };
  assert.ok(action.revert, 'has no undo');
  assert.deepEqual(action.revert.differences(before, after, await read()), []);
  const undo = await writesDuring(() => action.revert?.execute(undoing, world, note) ?? Promise.resolve());
  const back = await action.revert.verify(undoing, world);
  assert.equal(back.kind, 'took-effect', english(back.says));

  return {
    plan,
    proof: english(proof.says),
    states: { before, after, undone: await read() },
    probes: { before: first, after: second, undone: await probe() },
    writes: { change, undo },
  };
}
