// Finds the rules that can match an event by what they need: a look-up for each guard field, instead of trying every rule.
// What it leaves out cannot match; what it gives may.
import type { Need } from './compiled.ts';
import { compileField, type Field, plainEventName } from './fields.ts';

export interface Indexed {
  readonly needs: readonly Need[] | null;
}

export interface RuleIndex<Rule extends Indexed> {
  /** Every rule that can match is among them, each once. The list is used again by the next call. */
  candidates(event: unknown): readonly Rule[];
}

/** Texts of events that are remembered for a field: an event's own names are few, an attacker's are not. */
const MAX_REMEMBERED = 20_000;
const MAX_REMEMBERED_LENGTH = 200;

export function createRuleIndex<Rule extends Indexed>(rules: readonly Rule[]): RuleIndex<Rule> {
  const slots = rules.map((rule): Slot<Rule> => ({ rule, seen: 0 }));
  const always = slots.filter(({ rule }) => rule.needs === null);
  const guards = guardsOf(slots);
  const found: Rule[] = [];
  let round = 0;
  const take = (slot: Slot<Rule>): void => {
    if (slot.seen === round) return;
    slot.seen = round;
    found.push(slot.rule);
  };
  return {
    candidates: (event) => {
      round += 1;
      found.length = 0;
      for (const slot of always) take(slot);
      for (const guard of guards) guard(event, take);
      return found;
    },
  };
}

interface Slot<Rule> {
  readonly rule: Rule;
  /** The round in which it was given last. */
  seen: number;
}
type Take<Rule> = (slot: Slot<Rule>) => void;
type Guard<Rule> = (event: unknown, take: Take<Rule>) => void;

function guardsOf<Rule extends Indexed>(slots: readonly Slot<Rule>[]): readonly Guard<Rule>[] {
  const pairs = slots.flatMap((slot) => (slot.rule.needs ?? []).map((need) => ({ slot, need })));
  return [...Map.groupBy(pairs, ({ need }) => need.field)].map(([name, of]) => {
    const field = compileField(name);
    const open = of.filter(({ need }) => need.values === null);
    const exact = of.filter(({ need }) => need.values !== null);
    return joinGuards(exactGuard(field, exact), openGuard(field, open), exact.length, open.length);
  });
}

function joinGuards<Rule>(
  exact: Guard<Rule>,
  open: Guard<Rule>,
  exactCount: number,
  openCount: number,
): Guard<Rule> {
  if (openCount === 0) return exact;
  if (exactCount === 0) return open;
  return (event, take) => {
    exact(event, take);
    open(event, take);
  };
}

interface Pair<Rule> {
  readonly slot: Slot<Rule>;
  readonly need: Need;
}

// By the text in lower case, `eventName` also without its API version; the rule itself judges letter case and all the rest.
function exactGuard<Rule>({ name, some, quick }: Field, pairs: readonly Pair<Rule>[]): Guard<Rule> {
  const byText = new Map<string, Slot<Rule>[]>();
  for (const { slot, need } of pairs) {
    for (const text of need.values ?? []) {
      const there = byText.get(text);
      if (there) there.push(slot);
      else byText.set(text, [slot]);
    }
  }
  const unusual = pairs.filter(({ need }) => need.values?.some(looksLikeJson));
  const remembered = new Map<string, readonly Slot<Rule>[]>();
  const none: readonly Slot<Rule>[] = [];
  const lookUp = (text: string): readonly Slot<Rule>[] => {
    const known = remembered.get(text);
    if (known) return known;
    const plain = name === 'eventName' ? plainEventName(text) : text;
    const slots = byText.get(text.toLowerCase()) ?? none;
    const more = plain === text ? none : (byText.get(String(plain).toLowerCase()) ?? none);
    const all = more.length > 0 ? [...slots, ...more] : slots;
    if (text.length > MAX_REMEMBERED_LENGTH) return all;
    if (remembered.size >= MAX_REMEMBERED) remembered.clear();
    remembered.set(text, all);
    return all;
  };
  let taking: Take<Rule> = () => undefined;
  const visit = some((value) => {
    if (typeof value === 'string') for (const slot of lookUp(value)) taking(slot);
    else if (typeof value === 'object' && value !== null) for (const { slot } of unusual) taking(slot);
    else if (value !== null) for (const slot of lookUp(String(value))) taking(slot);
    return false;
  });
  return (event, take) => {
    const value = quick(event);
    if (typeof value === 'string') {
      const slots = lookUp(value);
      for (let at = 0; at < slots.length; at += 1) take(slots[at] as Slot<Rule>);
    } else if (value !== undefined) {
      taking = take;
      visit(event);
    }
  };
}

/** An object is compared by its JSON: a text that could be one. */
const looksLikeJson = (text: string): boolean => text.startsWith('{');

function openGuard<Rule>(field: Field, pairs: readonly Pair<Rule>[]): Guard<Rule> {
  const tests = pairs.map(({ slot, need }) => ({ slot, met: field.some((value) => need.accepts(value)) }));
  return (event, take) => {
    for (const { slot, met } of tests) if (met(event)) take(slot);
  };
}
