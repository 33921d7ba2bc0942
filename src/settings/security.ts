// The `security:` section of the operator's settings file: who may decide any case, who is asked in their own chat, and where.
import { z } from 'zod';
import { parseUserId, type UserId } from '../case/ids.ts';

export const userId = z.string('must be an Entra object id (GUID)').transform((value, context): UserId => {
  const id = parseUserId(value);
  if (!id) context.addIssue({ code: 'custom', message: 'must be an Entra object id (GUID)' });
  return id ?? ('' as UserId);
});

const HOW_TO_FIND = 'in Teams, "Get link to channel" shows it, and the whole link will do';

const channel = z
  .string(`is missing: the Teams channel that is asked when no manager can be (${HOW_TO_FIND})`)
  .transform(channelOf)
  .refine((id) => /^19:[^\s/]+@thread\.\w+$/.test(id), {
    error: `must be a Teams channel id (19:...@thread.tacv2): ${HOW_TO_FIND}`,
  });

/** On call is a chat of one's own, and no role: who is not a member could be asked, and could not answer. */
export const securitySection = () =>
  z
    .strictObject({
      members: z
        .array(userId, 'is missing: list the Entra object ids of the people who may decide any case')
        .min(1, 'must name at least one person: the Entra object ids of those who may decide any case'),
      channel,
      onCall: z.array(userId).default([]),
      admins: z.array(userId).default([]),
    })
    .superRefine(({ members, onCall }, context) => {
      for (const [at, id] of onCall.entries())
        if (id && !members.includes(id))
          context.addIssue({
            code: 'custom',
            path: ['onCall', at],
            message: 'is not among security.members: only they may be on call',
          });
    })
    .prefault({} as never);

/** Of a pasted link, the id in it; of anything else, itself. */
function channelOf(text: string): string {
  const [, escaped] = /^https:\/\/[^/]+\/l\/channel\/([^/?#]+)/.exec(text.trim()) ?? [];
  if (escaped === undefined) return text;
  try {
    return decodeURIComponent(escaped);
  } catch {
    return text;
  }
}
