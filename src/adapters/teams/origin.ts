// Who may speak here: our own tenant, through Teams, from a service URL of the cloud's own. Checked before anything is stored.
import { parseUserId } from '../../case/ids.ts';
import type { InboundActivity } from './activity.ts';
import { DoorRefusal } from './refusal.ts';
import { isServiceHostAllowed } from './service-hosts.ts';
import type { VerifiedToken } from './token.ts';

const CHANNEL = 'msteams';
/** What people start themselves, and must therefore be somebody for. */
const BY_A_PERSON = new Set(['message', 'invoke']);

export interface OriginRules {
  readonly tenantId: string;
  readonly serviceHosts: readonly string[];
}

/** Throws DoorRefusal 403. */
export function checkOrigin(activity: InboundActivity, token: VerifiedToken, rules: OriginRules): void {
  if (activity.channelId !== CHANNEL || !token.endorsements.includes(CHANNEL)) {
    throw new DoorRefusal(403, 'channel-refused', 'Only Microsoft Teams may speak here.');
  }
  if (
    token.serviceUrl !== activity.serviceUrl ||
    !isServiceHostAllowed(activity.serviceUrl, rules.serviceHosts)
  ) {
    throw new DoorRefusal(
      403,
      'service-url-refused',
      'The service URL is not one of the token or the cloud.',
    );
  }
  const tenants = [activity.conversation.tenantId, activity.channelData?.tenant?.id].filter(
    (id) => typeof id === 'string',
  );
  if (tenants.length === 0 || tenants.some((id) => id.toLowerCase() !== rules.tenantId.toLowerCase())) {
    throw new DoorRefusal(403, 'tenant-refused', 'This bot serves one tenant, and this is another.');
  }
  if (BY_A_PERSON.has(activity.type) && !parseUserId(activity.from.aadObjectId)) {
    throw new DoorRefusal(403, 'sender-unknown', 'The sender has no Entra object id.');
  }
}
