// What can go wrong with a call to the stand-ins, when a test says so.
import { IamError } from './iam-error.ts';

export type IamFault =
  /** 400 Throttling, or TooManyRequestsException. */
  | { readonly kind: 'throttled'; readonly retryAfterSeconds?: number }
  /** Any error of AWS's. */
  | { readonly kind: 'error'; readonly code: string; readonly message?: string; readonly status?: number }
  /** The connection is cut without an answer. With `after` the call is carried out first: a lost answer. */
  | { readonly kind: 'cut'; readonly after?: boolean }
  /** Never answered; the connection stays open until the client gives up. */
  | { readonly kind: 'hang' };

export function faultError(fault: IamFault, service: 'iam' | 'organizations'): IamError | null {
  if (fault.kind === 'error')
    return new IamError(
      fault.code,
      fault.message ?? 'made up for a test',
      fault.status === undefined ? {} : { status: fault.status },
    );
  if (fault.kind !== 'throttled') return null;
  const after = fault.retryAfterSeconds;
  return new IamError(service === 'iam' ? 'Throttling' : 'TooManyRequestsException', 'Rate exceeded', {
    headers: after === undefined ? {} : { 'retry-after': String(after) },
  });
}
