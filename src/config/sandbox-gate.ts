// Whether the sandbox may start here at all. Apart from start.ts, so that a command can ask without loading the service.
import { CountersignError } from '../case/errors.ts';
import { presentSettings } from '../config.ts';
import type { Environment } from './reader.ts';

/** Only where nothing is configured and nothing says production. Throws `config.no-sandbox` when it was insisted on. */
export function mayRunSandbox(env: Environment, insisted: boolean): boolean {
  const present = presentSettings(env);
  const reasons = [
    ...(env.NODE_ENV === 'production' ? ['NODE_ENV is production'] : []),
    ...present.map((name) => `${name} is set, so Countersign is configured`),
  ];
  if (reasons.length === 0) return true;
  if (!insisted) return false;
  throw new CountersignError(
    'config.no-sandbox',
    ['The sandbox does not start here:', ...reasons.map((reason) => `  - ${reason}`)].join('\n'),
  );
}
