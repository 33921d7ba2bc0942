// A certificate for the sandbox's own servers, made anew at every start and trusted by this process alone.
// It is never written to disk and never added to the machine's store.
import { randomUUID } from 'node:crypto';
import tls from 'node:tls';
import { generate } from 'selfsigned';

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;
/** Backdated, so that a clock that is a little behind accepts it. */
const SKEW_MS = 60 * 60 * 1000;

export interface Certificate {
  /** PEM, PKCS#8. */
  readonly key: string;
  /** PEM. */
  readonly cert: string;
}

/** Valid for a year for localhost, 127.0.0.1 and ::1. */
export async function createCertificate(): Promise<Certificate> {
  const now = Date.now();
  // A subject of its own: OpenSSL looks trusted certificates up by subject, and takes a namesake of an earlier start for this one.
  const subject = `Countersign sandbox ${randomUUID()}`;
  const pems = await generate([{ name: 'commonName', value: subject }], {
    keyType: 'ec',
    algorithm: 'sha256',
    notBeforeDate: new Date(now - SKEW_MS),
    notAfterDate: new Date(now + YEAR_MS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
          { type: 7, ip: '::1' },
        ],
      },
    ],
  });
  return { key: pems.private, cert: pems.cert };
}

/** From here on, fetch and every https client of this process that names no CA of its own accepts `cert` beside the usual roots. */
export function trust(cert: string): void {
  tls.setDefaultCACertificates([...tls.getCACertificates('default'), cert]);
}
