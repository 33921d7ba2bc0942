// The key that signs checkpoints: Ed25519, as PEM. It must never be stored in the database that it protects.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { CountersignError } from '../case/errors.ts';

/** A new private key as PEM (PKCS #8), for the first start. */
export const createKey = (): string =>
  generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

/** Throws `audit.key` when the text is not an Ed25519 private key. The text itself is never repeated. */
export function readPrivateKey(pem: string): KeyObject {
  return checked(() => createPrivateKey(pem), 'private');
}

/** From the public key's PEM, or derived from the private one's. Throws `audit.key`. */
export function readPublicKey(pem: string): KeyObject {
  return checked(() => createPublicKey(pem), 'public or private');
}

export const publicKeyOf = (privateKey: KeyObject): KeyObject => createPublicKey(privateKey);

function checked(read: () => KeyObject, which: string): KeyObject {
  let key: KeyObject | null;
  try {
    key = read();
  } catch {
    key = null;
  }
  if (key?.asymmetricKeyType !== 'ed25519')
    throw new CountersignError('audit.key', `The audit key must be an Ed25519 ${which} key in PEM form.`);
  return key;
}
