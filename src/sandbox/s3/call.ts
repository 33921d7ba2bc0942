// One authorised call, as the operations see it: the bucket as it is, and the one way to change it.
import type { AccessRequest } from './access.ts';
import type { SignedRequest } from './signature.ts';
import type { BucketState } from './state.ts';

export interface Call {
  readonly request: SignedRequest;
  readonly access: AccessRequest;
  readonly bucket: BucketState;
  /** Canonical id of the bucket's account. */
  readonly ownerId: string;
  /** Canonical ids of every account there is. */
  readonly accountIds: ReadonlySet<string>;
  /** Milliseconds since 1970. */
  readonly now: number;
  save(next: BucketState): void;
}
