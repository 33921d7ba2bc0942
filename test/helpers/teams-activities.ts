// Activities as the Bot Framework delivers them, signed by the world's own issuer: for what its Teams would never send, and for
// a second replica.
import { BOT_APP_ID, TENANT_ID } from '../../src/sandbox/people.ts';
import { type Activity, type ActivityBuilder, activityBuilder } from '../../src/sandbox/teams/activities.ts';
import type { TestWorld } from './world.ts';

const BOT_TOKEN_ISSUER = 'https://api.botframework.com';

/** Builds what people do, told to answer to `serviceUrl`: the world's Teams unless told. */
export const activitiesOf = (
  world: TestWorld,
  serviceUrl: string = world.sandbox.teams.serviceUrl,
): ActivityBuilder => activityBuilder({ appId: BOT_APP_ID, tenantId: TENANT_ID, serviceUrl });

/** Posts it with a token that is good for its service URL. `url` is the replica's, the world's own unless told. */
export async function deliver(world: TestWorld, activity: Activity, url: string = world.url) {
  const claims = { iss: BOT_TOKEN_ISSUER, aud: BOT_APP_ID, serviceurl: activity.serviceUrl };
  const token = await world.sandbox.issuer.sign(claims, { expiresInSeconds: 300 });
  const response = await fetch(`${url}/api/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(activity),
  });
  return { status: response.status, text: await response.text() };
}
