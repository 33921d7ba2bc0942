// A login that answers whatever a test wants it to, over TLS on loopback: for what the real one would never say.
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createCertificate, trust } from '../../src/sandbox/certificate.ts';
import { createIssuer, type Issuer } from '../../src/sandbox/issuer.ts';

export interface Answer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Never answers. */
  readonly hangs?: boolean;
}

export interface ForgingLogin {
  readonly url: string;
  readonly issuer: Issuer;
  /** Paths that were asked for, oldest first. */
  readonly asked: string[];
  /** What the token endpoint says to a form. */
  token: (form: URLSearchParams) => Answer | Promise<Answer>;
  close(): Promise<void>;
}

export async function startForgingLogin(): Promise<ForgingLogin> {
  const [issuer, certificate] = await Promise.all([createIssuer(), createCertificate()]);
  trust(certificate.cert);
  const asked: string[] = [];
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const path = request.url ?? '';
    asked.push(path);
    if (path.endsWith('/discovery/v2.0/keys')) return { body: issuer.jwks };
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    if (path.endsWith('/oauth2/v2.0/token'))
      return login.token(new URLSearchParams(Buffer.concat(chunks).toString('utf8')));
    return { status: 404, body: {} };
  };
  const server = createServer(certificate, (request, response) => {
    void answer(request).then(({ status = 200, headers = {}, body, hangs }) => {
      if (hangs) return;
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const login: ForgingLogin = {
    url: `https://localhost:${(server.address() as AddressInfo).port}`,
    issuer,
    asked,
    token: () => ({ status: 500 }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return login;
}
