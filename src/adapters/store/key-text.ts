// Words from outside as database keys. PostgreSQL takes neither NUL nor an index row beyond 2,704 bytes, and an attacker
// chooses bucket names in failed calls: such a text is replaced by its digest, which compares just as well.
import { sha256 } from '../../case/audit-chain.ts';

const LONGEST = 500;
const DIGEST = 'sha256:';

/** Equal for equal texts, different for different ones, and always storable. */
export function keyText(text: string): string {
  const plain =
    text.length <= LONGEST && !text.includes('\0') && text.isWellFormed() && !text.startsWith(DIGEST);
  return plain ? text : DIGEST + sha256(JSON.stringify(text));
}

/** Words that are kept to be read, not compared. */
export const storableText = (text: string): string =>
  text.slice(0, LONGEST).replaceAll('\0', '').toWellFormed();
