// The two addresses of the sign-in page. They take a query and a cookie, and answer a page; everything else is the page's own matter.
import type { Next, Request, RequestHandler, Response, Server } from 'restify';
import { errorText } from '../../case/errors.ts';
import type { Log } from '../../ports/log.ts';

export interface PageAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** `languages`: the browser's `Accept-Language`. */
export interface SignInPages {
  begin(query: URLSearchParams): Promise<PageAnswer>;
  finish(
    query: URLSearchParams,
    cookies: string | undefined,
    languages: string | undefined,
  ): Promise<PageAnswer>;
  sorry(why: 'too-long' | 'broken', languages: string | undefined): PageAnswer;
}

/** A code of Entra's has one or two thousand characters. */
const MOST_URL = 8_192;

export function addSignInRoutes(
  server: Server,
  throttle: RequestHandler,
  pages: SignInPages,
  log: Log,
): void {
  const answer =
    (work: (query: URLSearchParams, request: Request) => Promise<PageAnswer>) =>
    (request: Request, response: Response, next: Next): void => {
      send(request, work, pages, log).then((reply) => {
        response.writeHead(reply.status, reply.headers);
        response.end(reply.body);
        next();
      }, next);
    };
  server.get(
    '/sign-in',
    throttle,
    answer((query) => pages.begin(query)),
  );
  server.get(
    '/sign-in/callback',
    throttle,
    answer((query, request) => pages.finish(query, request.headers.cookie, languagesOf(request))),
  );
}

const languagesOf = (request: Request): string | undefined => request.headers['accept-language'];

async function send(
  request: Request,
  work: (query: URLSearchParams, request: Request) => Promise<PageAnswer>,
  pages: SignInPages,
  log: Log,
): Promise<PageAnswer> {
  const { url = '' } = request;
  if (url.length > MOST_URL) return pages.sorry('too-long', languagesOf(request));
  try {
    const at = url.indexOf('?');
    return await work(new URLSearchParams(at < 0 ? '' : url.slice(at + 1)), request);
  } catch (error) {
    log.error({ path: request.path(), reason: errorText(error) }, 'sign-in page failed');
    return pages.sorry('broken', languagesOf(request));
  }
}
