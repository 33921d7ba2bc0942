// The middleware in front of the SDK's own HTTP handler: a call leaves only for the pinned host, with a token, and is never redirected.
// It keeps what went wrong, because the SDK hands on the message of an error without its cause.
import type { Context, Middleware } from '@microsoft/microsoft-graph-client';
import { CountersignError } from '../../case/errors.ts';

export type GetToken = (signal: AbortSignal) => Promise<string>;

/** One call's deadline, and the first thing that went wrong on its way. Found by its class, as the SDK does with its options. */
export class CallOptions {
  readonly signal: AbortSignal;
  failure: unknown;

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }
}

/** Fails with `graph.host-refused` for any other scheme, host or port than `origin`'s. */
function pin(url: string, origin: string): void {
  if (new URL(url).origin !== origin)
    throw new CountersignError('graph.host-refused', `A Graph call to ${new URL(url).origin} was refused.`);
}

/** Whatever the promise does, rejects with the signal's reason once the time is up. */
function within<Result>(signal: AbortSignal, work: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

export function createTransport(origin: string, getToken: GetToken, http: Middleware): Middleware {
  async function send(context: Context, call: CallOptions): Promise<void> {
    if (typeof context.request !== 'string') throw new TypeError('A Graph call needs its URL as text.');
    pin(context.request, origin);
    const token = await within(call.signal, getToken(call.signal));
    const headers = new Headers(context.options?.headers);
    headers.set('Authorization', `Bearer ${token}`);
    // The SDK announces JSON even where there is no body.
    if (context.options?.body === undefined) headers.delete('Content-Type');
    context.options = {
      ...context.options,
      headers,
      redirect: 'manual',
      signal: call.signal,
    };
    await http.execute(context);
  }

  return {
    async execute(context) {
      const call = context.middlewareControl?.getMiddlewareOptions(CallOptions);
      if (!(call instanceof CallOptions)) throw new TypeError('A Graph call needs its options.');
      try {
        await send(context, call);
      } catch (error) {
        call.failure = error;
        throw error;
      }
    },
  };
}
