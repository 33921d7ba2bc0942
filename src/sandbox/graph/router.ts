// Finds the handler for a method and a path. Segments are compared after decoding, so an encoded slash stays inside its segment.
import type { Handler, Route } from './reply.ts';

export interface Found {
  readonly handle: Handler;
  readonly params: Readonly<Record<string, string>>;
}

function match(pattern: readonly string[], segments: readonly string[]): Record<string, string> | null {
  if (pattern.length !== segments.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of pattern.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = segment;
    else if (part.toLowerCase() !== segment.toLowerCase()) return null;
  }
  return params;
}

/** Null when no route fits, or when the path is not decodable. */
export function findRoute(routes: readonly Route[], method: string, pathname: string): Found | null {
  let segments: string[];
  try {
    segments = pathname.split('/').slice(1).map(decodeURIComponent);
  } catch {
    return null;
  }
  for (const [routeMethod, pattern, handle] of routes) {
    if (routeMethod !== method) continue;
    const params = match(pattern.split('/').slice(1), segments);
    if (params) return { handle, params };
  }
  return null;
}
