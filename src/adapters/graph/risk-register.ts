// What Entra ID Protection holds against people, through `/identityProtection/riskyUsers`. Needs Entra ID P2.
import { z } from 'zod';
import type { UserId } from '../../case/ids.ts';
import { say } from '../../case/said.ts';
import type { Receipt } from '../../ports/receipt.ts';
import type { RiskRegister } from '../../ports/risk-register.ts';
import { type GraphClient, segment } from './client.ts';
import { parseAnswer } from './parse.ts';
import type { GraphPermission } from './permissions.ts';

const READ: readonly GraphPermission[] = ['IdentityRiskyUser.Read.All'];
const CHANGE: readonly GraphPermission[] = ['IdentityRiskyUser.ReadWrite.All'];
/** "Microsoft Graph service-specific throttling limits", Identity Protection: 1 request a second for a tenant, and no Retry-After. */
const LIMITS = { licence: 'Microsoft Entra ID P2', pauseMs: 2000 } as const;
/** Without it, levels and states that are newer than this API answer `unknownFutureValue`. */
const PREFER = { Prefer: 'include-unknown-enum-members' };

const riskyUserBody = z.object({
  riskLevel: z.string(),
  riskState: z.string(),
  riskLastUpdatedDateTime: z.string().nullish(),
});

export function createGraphRiskRegister(client: GraphClient): RiskRegister {
  async function change(verb: 'confirmCompromised' | 'dismiss', user: UserId): Promise<Receipt> {
    const { requestId } = await client.call({
      ...LIMITS,
      method: 'POST',
      path: `/identityProtection/riskyUsers/${verb}`,
      body: { userIds: [user] },
      permissions: CHANGE,
      gone: say('errors.graph-no-account'),
    });
    return { requestId };
  }

  return {
    async riskOf(user) {
      const answer = await client.call({
        ...LIMITS,
        method: 'GET',
        path: `/identityProtection/riskyUsers/${segment(user)}`,
        headers: PREFER,
        permissions: READ,
        answers: [404],
      });
      if (answer.status === 404) return null;
      const risk = parseAnswer(riskyUserBody, answer, 'a risky user');
      return {
        level: risk.riskLevel,
        state: risk.riskState,
        updatedAt: risk.riskLastUpdatedDateTime ?? null,
      };
    },
    confirmCompromised: (user) => change('confirmCompromised', user),
    dismiss: (user) => change('dismiss', user),
  };
}
