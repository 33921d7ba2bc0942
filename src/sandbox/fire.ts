// Sends a sample detection to a running sandbox the way the real sender would: with a token, or with EventBridge's key.
import { randomUUID } from 'node:crypto';
import { CountersignError, errorText } from '../case/errors.ts';
import { trust } from './certificate.ts';
import { doDeed } from './deeds.ts';
import type { RunningSandbox } from './running.ts';
import { SAMPLES } from './samples/samples.ts';

export interface Fired {
  readonly sample: string;
  readonly status: number;
  /** What the door answered. */
  readonly answer: unknown;
}

/** Throws `sandbox.unknown-sample`, `sandbox.not-running`. */
export async function fire(name: string, running: RunningSandbox): Promise<Fired> {
  const sample = Object.hasOwn(SAMPLES, name) ? SAMPLES[name] : undefined;
  if (!sample)
    throw new CountersignError(
      'sandbox.unknown-sample',
      `There is no sample called ${name}. There are: ${Object.keys(SAMPLES).join(', ')}.`,
    );
  trust(running.certificate);
  try {
    await doDeed(name, running.s3, running.aws.owner);
    const body = sample.build(new Date(), randomUUID());
    const send = sample.door === 'graph' ? sendGraph : sendCloudTrail;
    const response = await send(body, running);
    return { sample: name, status: response.status, answer: await response.json() };
  } catch (cause) {
    if (cause instanceof CountersignError) throw cause;
    throw new CountersignError(
      'sandbox.not-running',
      `The sandbox does not answer (${errorText(cause)}). Start it with: npm start`,
      { cause },
    );
  }
}

async function sendGraph(body: unknown, running: RunningSandbox): Promise<Response> {
  // Defender has the alert as well: the verdict is written back to it there.
  const kept = await post(`${running.graph}/sandbox/alerts`, body, {});
  if (!kept.ok) throw new CountersignError('sandbox.refused', `the Graph stand-in answered ${kept.status}`);
  return post(`${running.bot}/api/alerts/graph`, await kept.json(), {
    authorization: `Bearer ${await pusherToken(running)}`,
  });
}

const sendCloudTrail = (body: unknown, running: RunningSandbox): Promise<Response> =>
  post(`${running.bot}/api/alerts/cloudtrail`, body, { 'x-countersign-key': running.cloudtrailKey });

/** A token from the sandbox's login, by client credentials, as a relay would fetch one. */
export async function pusherToken(running: RunningSandbox): Promise<string> {
  const response = await fetch(`${running.graph}/${running.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: running.pusher.clientId,
      client_secret: running.pusher.clientSecret,
      scope: `${running.audience}/.default`,
    }),
  });
  const answer = (await response.json()) as { readonly access_token?: string };
  if (!answer.access_token)
    throw new CountersignError('sandbox.refused', `the login answered ${response.status}`);
  return answer.access_token;
}

const post = (url: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<Response> =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
