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
/**
 * How long a reading is as good as a new one, in paces. A look: shorter than the time between the two looks that prove a change. Whoever
 * waits: until everybody whose signature counts with theirs has been asked about, or a dozen people could never sign.
 */
const SHARED_FOR = { look: 3, now: 14 } as const;
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
  /** Null while it is under way. */
  endedAt: number | null;
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
    const reading: Reading = { ticket, risk, endedAt: null };
    const keep = (): void => {
      reading.endedAt = pace.now();
    };
    const forget = (): void => {
      if (readings.get(user) === reading) readings.delete(user);
    };
    risk.then(keep, forget);
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

  const isOver = ({ endedAt }: Reading, need: keyof typeof SHARED_FOR): boolean =>
    endedAt !== null && endedAt + SHARED_FOR[need] * pace.everyMs <= pace.now();

  return {
    riskOf(user, need) {
      for (const [one, reading] of readings) if (isOver(reading, 'now')) readings.delete(one);
      const known = readings.get(user);
      const { ticket, risk } = known && !isOver(known, need ?? 'look') ? known : startReading(user);
      if (need === 'now') ticket.urgency = 'answer';
      return risk;
    },
    confirmCompromised: (user) => change('confirmCompromised', user),
    dismiss: (user) => change('dismiss', user),
  };
}
