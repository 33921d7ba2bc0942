// What a case asks now, of whom, and about which plan. Data, and who it is with.
import type { AnswerRule, QuestionClock } from './asking.ts';
import type { QuestionId, UserId } from './ids.ts';
import type { Json } from './json.ts';
import type { Said } from './said.ts';
import type { Target } from './target.ts';

/** How somebody came to be asked. */
export type AskedAs = 'manager' | 'named' | 'delegate' | 'owner' | 'on-call' | 'reassigned';

export type Approver =
  /** `as` is absent in questions from before it was kept. */
  | { readonly kind: 'person'; readonly id: UserId; readonly name: string; readonly as?: AskedAs }
  /** The person in question, before anybody else: they say whether it was them, and decide nothing. */
  | { readonly kind: 'subject'; readonly id: UserId; readonly name: string }
  | { readonly kind: 'security' };

/** One rung of the chain that was looked at: who, and why they were passed over (or asked). */
export interface RouteRung {
  readonly name: string;
  readonly id?: UserId;
  readonly outcome: 'asked' | 'passed-over';
  readonly reason: Said;
}

/** What one action of an offer would do, from its own plan: plain sentences with numbers. */
export interface PlannedAction {
  readonly action: string;
  /** The action's own title, for sentences that would not say what they are about. */
  readonly title: Said;
  readonly target: Target;
  readonly says: readonly Said[];
  readonly undo: { readonly possible: boolean; readonly says: Said };
  /** It only asks or tells somebody; or it lets somebody back in. Absent: it keeps somebody or something out. */
  readonly nature?: 'informs' | 'lets-in';
  /** What the sentences stand for, exactly. Absent in questions from before it was kept. */
  readonly basis?: Json;
}
export interface PlannedOffer {
  readonly key: string;
  readonly label: Said;
  readonly actions: readonly PlannedAction[];
  /** Targets that it does not touch, and why, a sentence each: said on the card before and after. */
  readonly left: readonly Said[];
}
/** An offer that the card does not make, and why: said, never silent. */
export interface WithheldOffer {
  readonly label: Said;
  readonly reason: Said;
}

export interface Question {
  readonly id: QuestionId;
  /** Whoever was asked first. */
  readonly approver: Approver;
  /** Asked as well, at once or later: the first one's card stays as good as theirs. */
  readonly beside?: readonly Approver[];
  /** Whom it was with before silence took it to the security team: they may still answer, and are not reminded. */
  readonly late?: readonly UserId[];
  /** Whose word it takes; absent: of whoever answers first. */
  readonly rule?: AnswerRule;
  /** How many different people "everyone" is: whoever is asked besides later may stand in, and adds nobody. Absent: all who are asked. */
  readonly needs?: number;
  /** Why a destructive answer takes two people (an executive, an administrator), a sentence. Absent: it does not. */
  readonly twoPeople?: Said;
  /** When it is chased. Absent in questions from before there were clocks. */
  readonly clock?: QuestionClock;
  readonly path: readonly RouteRung[];
  /** Why this person is asked, one sentence. */
  readonly reason: Said;
  readonly offers: readonly PlannedOffer[];
  readonly withheld: readonly WithheldOffer[];
  readonly askedAt: string;
  /** It was asked as a dry run: what is answered changes nothing, whatever the settings say by then. */
  readonly dryRun?: true;
}

/** Everyone whom the question is with now, in the order in which they were asked. */
export const askedOf = ({
  approver,
  beside = [],
}: Pick<Question, 'approver' | 'beside'>): readonly Approver[] => [approver, ...beside];

/** The person is among those asked: not the person in question, who is only heard. */
export const isAsked = (question: Pick<Question, 'approver' | 'beside'>, id: string): boolean =>
  askedOf(question).some((one) => one.kind === 'person' && one.id === id);

/** It went on because they had not answered: they may answer it, and nothing else. */
export const isLate = (question: Question | null, id: string): boolean =>
  question !== null && !isAsked(question, id) && (question.late ?? []).some((one) => one === id);

/** The security team is among those asked. */
export const isWithSecurity = (question: Pick<Question, 'approver' | 'beside'>): boolean =>
  askedOf(question).some(({ kind }) => kind === 'security');
