// Trouble for a world under test, and what came through in spite of it.
import type { FaultAnswer } from '../../src/sandbox/graph/faults.ts';
import type { Fault as S3Fault } from '../../src/sandbox/s3/faults.ts';
import type { PlannedFault } from '../../src/sandbox/teams/connector-routes.ts';
import type { TestWorld } from './world.ts';

/** Long enough for a call on loopback by a busy machine, short enough to wait for one that hangs. */
export const CALL_MS = 1_200;

/** `world` is asked each time: every test has one of its own. */
export function troublesOf(world: () => TestWorld) {
  const graphFault = (path: RegExp, times: number, answer: FaultAnswer, method?: string): void =>
    world().sandbox.graph.faults.add({ path, times, answer, ...(method && { method }) });
  const graphCalls = (method: string, path: RegExp): number =>
    world().sandbox.graph.requests.filter((one) => one.method === method && path.test(one.path)).length;
  const s3Fault = (operation: string, times: number, fault: S3Fault): void =>
    world().sandbox.s3.world.faults.add(operation, times, fault);
  /** Calls of Countersign's own role that took effect. */
  const s3Writes = (operation: string): number =>
    world().sandbox.s3.world.calls.filter(
      (one) => one.operation === operation && one.caller.includes('assumed-role') && one.status < 300,
    ).length;
  const bucket = () => world().sandbox.s3.world.state().buckets['contoso-invoices'];
  const teamsFault = (fault: PlannedFault): void => world().sandbox.teams.service.fault(fault);
  const cardsOf = async (user: string, ref: string) =>
    (await world().messages(user)).filter((one) => one.kind === 'card' && one.words.includes(ref));
  const count = async (ref: string, kind: string): Promise<number> =>
    (await world().trail(ref)).filter((one) => one === kind).length;
  const alertAtMicrosoft = (): Record<string, unknown> => world().sandbox.graph.state().alerts.at(-1) ?? {};
  const comments = (): readonly string[] =>
    ((alertAtMicrosoft().comments ?? []) as { comment: string }[]).map((one) => one.comment);

  return {
    graphFault,
    graphCalls,
    s3Fault,
    s3Writes,
    bucket,
    teamsFault,
    cardsOf,
    count,
    alertAtMicrosoft,
    comments,
  };
}
