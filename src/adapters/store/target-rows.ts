// Held targets and the line of those who wait for them. One lock for all targets, from the first look to the commit: a release
// and a claim at once must not miss each other, and a case that wants two things looks at both.
import type { CaseId } from '../../case/ids.ts';
import { isSaid, type Said, sameSaid, withTexts } from '../../case/said.ts';
import type { HeldTarget, PlaceInLine, StoreTransaction } from '../../ports/case-store.ts';
import { keyText, storableText } from './key-text.ts';
import type { Scope } from './scope.ts';
import { giveTurns, type Line, type Place, placesIn, type Waiting } from './target-line.ts';

type TargetMethods = Pick<
  StoreTransaction,
  'takeTargets' | 'holdTargets' | 'releaseTargets' | 'holdsTargets'
>;

export function createTargetMethods(scope: Scope): TargetMethods {
  const lock = () => scope.engine.lockName(scope.db, 'countersign.targets');
  return {
    async takeTargets(caseId, targets, strength) {
      await lock();
      const wants = wantsOf(targets);
      const line = await readLine(scope, [...wants.keys()]);
      const place = 1 + Math.max(0, ...line.waiting.map((one) => one.place));
      const moved = await rearrange(scope, line, caseId, { caseId, wants, strength, place });
      return {
        waitsFor: moved.find((one) => one.caseId === caseId)?.waitsFor ?? null,
        moved: moved.filter((one) => one.caseId !== caseId),
      };
    },

    async holdTargets(caseId, targets) {
      await lock();
      const keys = [...wantsOf(targets).keys()];
      const { held, waiting } = await readLine(scope, keys);
      const isTaken = (key: string): boolean =>
        (held.get(key) ?? caseId) !== caseId ||
        waiting.some((one) => one.caseId !== caseId && one.wants.has(key));
      if (keys.some(isTaken)) return false;
      await hold(
        scope,
        caseId,
        keys.filter((key) => !held.has(key)),
      );
      return true;
    },

    async releaseTargets(caseId) {
      await lock();
      return rearrange(scope, await readLine(scope, []), caseId, null);
    },

    async holdsTargets(caseId) {
      const waits = await scope.db
        .selectFrom('target_wait')
        .select('case_id')
        .where('case_id', '=', caseId)
        .limit(1)
        .executeTakeFirst();
      return waits === undefined;
    },
  };
}

const wantsOf = (targets: readonly HeldTarget[]): ReadonlyMap<string, Said> =>
  new Map(targets.map(({ key, label }) => [keyText(key), label]));

/** As JSON, so that no text is ever taken for a message. */
const labelText = (label: Said): string => JSON.stringify(withTexts(label, storableText));

/** Rows from before labels were words hold the text itself. */
function labelOf(text: string): Said {
  try {
    const label: unknown = JSON.parse(text);
    return isSaid(label) ? label : text;
  } catch {
    return text;
  }
}

/** Everybody who waits, and who holds what they or the caller want. */
async function readLine({ db }: Scope, keys: readonly string[]): Promise<Line> {
  const rows = await db
    .selectFrom('target_wait')
    .selectAll()
    .orderBy('place')
    .orderBy('target_key')
    .execute();
  const waiting = Map.groupBy(rows, (row) => row.case_id);
  const wanted = [...new Set([...keys, ...rows.map((row) => row.target_key)])];
  const holds =
    wanted.length === 0
      ? []
      : await db.selectFrom('target_hold').selectAll().where('target_key', 'in', wanted).execute();
  return {
    held: new Map(holds.map((row) => [row.target_key, row.case_id])),
    waiting: [...waiting].flatMap(([caseId, wants]): readonly Waiting[] => {
      const [{ strength, place } = { strength: 0, place: 0 }] = wants;
      return [
        { caseId, strength, place, wants: new Map(wants.map((row) => [row.target_key, labelOf(row.label)])) },
      ];
    }),
  };
}

/** Takes the case out of the line and from what it holds, lets it ask anew, and gives turns. Answers whose place changed. */
async function rearrange(
  scope: Scope,
  before: Line,
  caseId: CaseId,
  asks: Waiting | null,
): Promise<readonly PlaceInLine[]> {
  const { db } = scope;
  await db.deleteFrom('target_hold').where('case_id', '=', caseId).execute();
  await db.deleteFrom('target_wait').where('case_id', '=', caseId).execute();
  const others = before.waiting.filter((one) => one.caseId !== caseId);
  const { line, turns } = giveTurns({
    held: new Map([...before.held].filter(([, holder]) => holder !== caseId)),
    waiting: asks ? [...others, asks] : others,
  });
  for (const turn of turns) {
    await db.deleteFrom('target_wait').where('case_id', '=', turn.caseId).execute();
    await hold(scope, turn.caseId, [...turn.wants.keys()]);
  }
  if (asks && !turns.includes(asks)) await join(scope, asks);
  return describeMoves(scope, placesIn(before), placesIn(line), turns);
}

async function hold({ db }: Scope, caseId: CaseId, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await db
    .insertInto('target_hold')
    .values(keys.map((key) => ({ target_key: key, case_id: caseId })))
    .execute();
}

async function join({ db }: Scope, { caseId, wants, strength, place }: Waiting): Promise<void> {
  await db
    .insertInto('target_wait')
    .values(
      [...wants].map(([key, label]) => ({
        case_id: caseId,
        target_key: key,
        label: labelText(label),
        strength,
        place,
      })),
    )
    .execute();
}

async function describeMoves(
  { db }: Scope,
  before: ReadonlyMap<CaseId, Place>,
  now: ReadonlyMap<CaseId, Place>,
  turns: readonly Waiting[],
): Promise<readonly PlaceInLine[]> {
  const changed = [...now].filter(([caseId, place]) => !isSame(before.get(caseId), place));
  const refs = new Map<CaseId, string>();
  if (changed.length > 0) {
    const ids = [...new Set(changed.map(([, { behind }]) => behind))];
    const rows = await db.selectFrom('cases').select(['id', 'ref']).where('id', 'in', ids).execute();
    for (const { id, ref } of rows) refs.set(id, ref);
  }
  return [
    ...turns.map(({ caseId }) => ({ caseId, waitsFor: null })),
    ...changed.map(([caseId, { behind, label, isChanging }]) => ({
      caseId,
      waitsFor: { ref: refs.get(behind) ?? '', label, isChanging },
    })),
  ];
}

const isSame = (before: Place | undefined, now: Place): boolean =>
  before?.behind === now.behind && sameSaid(before.label, now.label) && before.isChanging === now.isChanging;
