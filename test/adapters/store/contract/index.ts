// The one contract of the store: every promise of the port, run on each database.
import { describeAlerts } from './alerts.ts';
import { describeCases } from './cases.ts';
import { describeChain } from './chain.ts';
import { describeCounting } from './counting.ts';
import { describeDelegations } from './delegations.ts';
import { describeDigests } from './digests.ts';
import { describeExceptions } from './exceptions.ts';
import { describeHoldings } from './holdings.ts';
import { describeReplicas } from './replicas.ts';
import { describeSignIns } from './sign-ins.ts';
import { describeSteps } from './steps.ts';
import { describeWaiting } from './waiting.ts';
import { describeWindows } from './windows.ts';
import type { StoreWorld } from './world.ts';

export function describeStore(world: () => StoreWorld): void {
  describe('cases', () => describeCases(world));
  describe('alerts', () => describeAlerts(world));
  describe('steps', () => describeSteps(world));
  describe('runs, holds, caps, copies and marks', () => describeHoldings(world));
  describe('targets that are held, and the line for them', () => describeWaiting(world));
  describe('delegations', () => describeDelegations(world));
  describe('digests', () => describeDigests(world));
  describe('fresh sign-ins', () => describeSignIns(world));
  describe('exceptions', () => describeExceptions(world));
  describe('audit chain', () => describeChain(world));
  describe('windows', () => describeWindows(world));
  describe('counting in windows', () => describeCounting(world));
  describe('two replicas', () => describeReplicas(world));
}
