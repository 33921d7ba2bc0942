// The CloudTrail door's own authorisation: an EventBridge API destination sends a key in a header of its connection.
import { createHash, timingSafeEqual } from 'node:crypto';
import { CountersignError } from '../../case/errors.ts';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Several keys may be valid at once, so that one can be replaced without a gap. Throws `http.unauthenticated`. */
export function createKeyAuthoriser(keys: readonly string[]): (presented: string | undefined) => void {
  const known = keys.map(digest);
  return (presented) => {
    const given = digest(presented ?? '');
    // Every key is compared, in constant time: the answer's timing tells nothing.
    const matches = known.filter((key) => timingSafeEqual(key, given)).length;
    if (matches === 0)
      throw new CountersignError('http.unauthenticated', 'the x-countersign-key header is missing or wrong');
  };
}
