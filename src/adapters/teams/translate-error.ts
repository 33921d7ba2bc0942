// What Teams or the login host answered, as the one error that crosses rooms.
import { CountersignError, errorText, isCountersignError } from '../../case/errors.ts';

interface HttpFailure {
  readonly statusCode?: number;
  readonly response?: { readonly headers?: { get?(name: string): string | undefined } };
}

/** "Rate limiting", msteams-docs: retry on 412, 429, 502 and 504, and honour Retry-After. */
const THROTTLED = new Set([412, 429]);
/** MessageWritesBlocked, BotNotInConversationRoster, ConversationNotFound: nobody reads there any more. */
const UNREACHABLE = new Set([403, 404]);

/** What Entra says to a wrong or expired secret and to an unknown app; the SDKs wrap it under several names. */
const REFUSED_BY_LOGIN = /\b(AADSTS\d+|invalid_client|unauthorized_client)\b/;

/** `timedOut` says that our own clock ended the call. */
export function translateTeamsError(error: unknown, timedOut: boolean): CountersignError {
  if (isCountersignError(error)) return error;
  const { statusCode: status, response } = isFailure(error) ? error : {};
  const said = errorText(error).slice(0, 300);
  if (REFUSED_BY_LOGIN.test(said)) {
    return new CountersignError('teams.unauthorised', `the login host refused the bot: ${said}`, {
      retryable: true,
    });
  }
  if (timedOut || status === undefined || status >= 500 || status === 408) {
    return new CountersignError(
      'teams.unavailable',
      timedOut ? 'Teams did not answer in time' : `Teams: ${said}`,
      {
        retryable: true,
        cause: error,
      },
    );
  }
  const retryAfterMs = retryAfter(response?.headers?.get?.('retry-after'));
  if (THROTTLED.has(status)) {
    return new CountersignError('teams.throttled', `Teams answered ${status}`, {
      retryable: true,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    });
  }
  if (UNREACHABLE.has(status))
    return new CountersignError('teams.unreachable', `Teams answered ${status}: ${said}`);
  if (status === 413) return new CountersignError('teams.too-large', 'Teams refused the card as too large');
  if (status === 401) {
    return new CountersignError('teams.unauthorised', "Teams refused the bot's token", { retryable: true });
  }
  return new CountersignError('teams.refused', `Teams answered ${status}: ${said}`);
}

const isFailure = (error: unknown): error is Error & HttpFailure => error instanceof Error;

/** Seconds or an HTTP date, in milliseconds from now. */
function retryAfter(header: string | undefined): number | undefined {
  if (!header) return undefined;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
}
