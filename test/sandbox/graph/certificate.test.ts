import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';
import { createCertificate, trust } from '../../../src/sandbox/certificate.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

function overHttps(url: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    https
      .get(url, { agent: false }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
      .on('error', reject);
  });
}

const fingerprints = (pems: readonly string[]): Set<string> =>
  new Set(pems.map((pem) => new X509Certificate(pem).fingerprint256));

describe('the sandbox certificate', () => {
  let roots: string[];
  before(() => {
    roots = tls.getCACertificates('default');
  });
  afterEach(() => tls.setDefaultCACertificates(roots));

  it('is for this machine alone, for about a year', async () => {
    const certificate = new X509Certificate((await createCertificate()).cert);

    assert.ok(certificate.checkHost('localhost'));
    assert.ok(certificate.checkIP('127.0.0.1'));
    assert.equal(certificate.checkHost('graph.microsoft.com'), undefined);
    const days = (Date.parse(certificate.validTo) - Date.now()) / DAY_MS;
    assert.ok(days > 363 && days < 366);
    assert.equal(certificate.ca, false);
  });

  it('is refused before it is trusted and accepted by fetch and https after', async () => {
    const certificate = await createCertificate();
    const server = https.createServer(certificate, (_request, response) => response.end('hello'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `https://localhost:${(server.address() as AddressInfo).port}/`;
    try {
      await assert.rejects(fetch(url));
      await assert.rejects(overHttps(url));

      trust(certificate.cert);

      assert.equal((await fetch(url)).status, 200);
      assert.equal(await overHttps(url), 200);
      assert.equal(await overHttps(url.replace('localhost', '127.0.0.1')), 200);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('leaves the usual roots trusted', async () => {
    const certificate = await createCertificate();

    trust(certificate.cert);

    const trusted = fingerprints(tls.getCACertificates('default'));
    const expected = fingerprints([...roots, certificate.cert]);
    assert.deepEqual(trusted, expected);
  });
});
