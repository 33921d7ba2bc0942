// A plain HTTP client with kept connections: the load, at as little cost of its own as Node allows.
import { Agent, request } from 'node:http';

export function poster(port: number, headers: Readonly<Record<string, string>>) {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 });
  return {
    /** Answers the status once the whole answer is there. */
    post: (path: string, body: string, more: Readonly<Record<string, string>> = {}): Promise<number> =>
      new Promise((resolve, reject) => {
        const sent = request(
          {
            port,
            path,
            agent,
            host: '127.0.0.1',
            method: 'POST',
            headers: {
              'content-type': 'application/json',
              'content-length': Buffer.byteLength(body),
              ...headers,
              ...more,
            },
          },
          (response) => {
            response.resume();
            response.on('end', () => resolve(response.statusCode ?? 0));
          },
        );
        sent.on('error', reject);
        sent.end(body);
      }),
    close: () => agent.destroy(),
  };
}
