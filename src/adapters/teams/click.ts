// The payload of a button, down to nine texts. Everything else in it is dropped, whatever it claims.
import { z } from 'zod';
import type { Click } from '../../ports/chat.ts';
import type { InboundActivity } from './activity.ts';
import { DoorRefusal } from './refusal.ts';

const MAX_COMMENT = 2000;
const Data = z.object({
  verb: z.string().min(1).max(64),
  case: z.string().max(64).default(''),
  question: z.string().max(128).default(''),
  offer: z.string().max(64).optional(),
  comment: z.string().optional(),
  /** Of a date input and of the people picker: empty where nothing was chosen. */
  until: z.string().max(64).optional(),
  to: z.string().max(128).optional(),
  /** Of a list of questions. */
  digest: z.string().max(64).optional(),
  shown: z.string().max(16).optional(),
});
/** `action.data` holds the button's own data with the card's inputs merged in ("Universal Actions", msteams-docs). */
const ExecuteValue = z.object({
  action: z.object({ verb: z.string().max(64).optional(), data: z.record(z.string(), z.unknown()) }),
});

/** Of an `adaptiveCard/action` invoke. Throws DoorRefusal 400 when it is not one that a card of ours could send. */
export function clickOfInvoke(activity: InboundActivity): Click {
  const value = ExecuteValue.safeParse(activity.value);
  if (!value.success) throw malformed();
  const { verb, data } = value.data.action;
  return toClick({ ...data, verb: verb ?? data.verb }, activity);
}

/** Of an `Action.Submit`, which arrives as a message without text: the fallback of older clients. */
export function clickOfSubmit(activity: InboundActivity): Click {
  return toClick(activity.value, activity);
}

function toClick(raw: unknown, activity: InboundActivity): Click {
  const parsed = Data.safeParse(raw);
  if (!parsed.success) throw malformed();
  const { verb, case: caseRef, question: questionId, offer, comment, until, to, digest, shown } = parsed.data;
  return {
    verb,
    caseRef,
    questionId,
    ...(offer ? { offer } : {}),
    ...(comment?.trim() ? { comment: comment.trim().slice(0, MAX_COMMENT) } : {}),
    ...(until?.trim() ? { until: until.trim() } : {}),
    ...(to?.trim() ? { to: to.trim() } : {}),
    ...(digest ? { digest } : {}),
    ...(shown ? { shown } : {}),
    ...(activity.replyToId ? { activityId: activity.replyToId } : {}),
  };
}

const malformed = (): DoorRefusal =>
  new DoorRefusal(400, 'click-malformed', 'This is not a button of a Countersign card.');
