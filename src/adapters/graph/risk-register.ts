// What Entra ID Protection holds against people, through `/identityProtection/riskyUsers`. Needs Entra ID P2. It takes so few
// requests that they go one by one, and that one reading of a person serves everybody who asks about them in the next seconds.
import { z } from 'zod';
import type { UserId } from '../../case/ids.ts';
import { say } from '../../case/said.ts';
import type { Receipt } from '../../ports/receipt.ts';
import type { Risk, RiskRegister } from '../../ports/risk-register.ts';
import { type GraphClient, segment } from './client.ts';
import { createPacedLine, type Pace, realTime, type Ticket } from './paced-line.ts';
import { parseAnswer } from './parse.ts';
import type { GraphPermission } from './permissions.ts';

const READ: readonly GraphPermission[] = ['IdentityRiskyUser.Read.All'];
const CHANGE: readonly GraphPermission[] = ['IdentityRiskyUser.ReadWrite.All'];
const LICENCE = 'Microsoft Entra ID P2';
/** "Microsoft Graph service-specific throttling limits", Identity Protection: 1 request a second for a tenant, and no Retry-After. */
const EVERY_MS = 1_100;
/** Shorter than the time between the two looks that prove a change: those are two readings. */
const SHARED_FOR = 3;
/** Without it, levels and states that are newer than this API answer `unknownFutureValue`. */
const PREFER = { Prefer: 'include-unknown-enum-members' };

const riskyUserBody = z.object({
  riskLevel: z.string(),
  riskState: z.string(),
  riskLastUpdatedDateTime: z.string().nullish(),
});

interface Reading {
  readonly ticket: Ticket;
  readonly risk: Promise<Risk | null>;
  /** Until then it is as good as a new one. */
  freshUntil: number;
}

export function createGraphRiskRegister(client: GraphClient, over: Partial<Pace> = {}): RiskRegister {
  const pace = { everyMs: EVERY_MS, ...realTime, ...over };
  const limits = { licence: LICENCE, pauseMs: pace.everyMs * 2 };
  const line = createPacedLine(pace);
  const readings = new Map<UserId, Reading>();

  async function look(user: UserId): Promise<Risk | null> {
    const answer = await client.call({
      ...limits,
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
  }

  function startReading(user: UserId): Reading {
    const ticket: Ticket = { urgency: 'look' };
    const risk = line.send(ticket, () => look(user));
    const reading: Reading = { ticket, risk, freshUntil: Number.POSITIVE_INFINITY };
    const end = (freshForMs: number) => () => {
      reading.freshUntil = pace.now() + freshForMs;
    };
    risk.then(end(pace.everyMs * SHARED_FOR), end(0));
    readings.set(user, reading);
    return reading;
  }

  async function change(verb: 'confirmCompromised' | 'dismiss', user: UserId): Promise<Receipt> {
    try {
      const { requestId } = await line.send({ urgency: 'change' }, () =>
        client.call({
          ...limits,
          method: 'POST',
          path: `/identityProtection/riskyUsers/${verb}`,
          body: { userIds: [user] },
          permissions: CHANGE,
          gone: say('errors.graph-no-account'),
        }),
      );
      return { requestId };
    } finally {
      // Whether it went through or not: what was read before it says nothing any more.
      readings.delete(user);
    }
  }

  return {
    riskOf(user, need) {
      for (const [known, { freshUntil }] of readings) if (freshUntil <= pace.now()) readings.delete(known);
      const { ticket, risk } = readings.get(user) ?? startReading(user);
      if (need === 'now') ticket.urgency = 'answer';
      return risk;
    },
    confirmCompromised: (user) => change('confirmCompromised', user),
    dismiss: (user) => change('dismiss', user),
  };
}
