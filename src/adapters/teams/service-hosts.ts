// Which service URLs the bot may write to: the SDK has no list of its own and would send its token anywhere.

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * True when the URL's host (with its port, where it has one) is listed. Plain http only ever for a listed loopback host,
 * and never a URL with credentials in it.
 */
export function isServiceHostAllowed(serviceUrl: string, hosts: readonly string[]): boolean {
  if (!URL.canParse(serviceUrl)) return false;
  const url = new URL(serviceUrl);
  if (url.username || url.password) return false;
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && LOOPBACK.has(url.hostname))) return false;
  return hosts.some((host) => host.toLowerCase() === url.host);
}
