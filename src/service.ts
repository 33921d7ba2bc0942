// The running service: listens, works, polls, sweeps and seals until it is told to stop, then drains. One per process.
import type { AddressInfo } from 'node:net';
import { CountersignError, errorText, isCountersignError } from './case/errors.ts';
import { type ComposeOptions, type Countersign, compose } from './compose.ts';
import type { Config } from './config.ts';
import type { Log } from './ports/log.ts';
import { jitteredBackOff } from './worker.ts';

export interface Service {
  /** `http://127.0.0.1:3978` */
  readonly url: string;
  /** Takes nothing new, lets running steps end, seals once more and closes the store. */
  stop(): Promise<void>;
}

/** How much later than it could be a window is judged, at most. */
const SWEEP_MS = 5_000;

/** Throws `config.*`, `store.*` and `service.port-taken` before anything is half started. */
export async function startService(config: Config, log: Log, options: ComposeOptions = {}): Promise<Service> {
  const { app, store, worker, sealer, server } = await compose(config, log, options);
  try {
    await listen(server, config);
  } catch (error) {
    await store.close();
    throw error;
  }
  worker.start();
  const seal = () =>
    sealer.seal().then(
      () => undefined,
      (error) => {
        log.error({ reason: errorText(error) }, 'checkpoint not written');
        return undefined;
      },
    );
  const sealing = every(config.audit.sealSeconds * 1000, seal);
  const sweep = () =>
    app.sweep().then(
      () => undefined,
      (error) => {
        log.warn({ reason: errorText(error) }, 'counted windows could not be judged, will be tried again');
        return undefined;
      },
    );
  const sweeping = every(options.waits?.sweepMs ?? SWEEP_MS, sweep);
  const polling =
    config.alerts.pollSeconds > 0 ? poll(options.waits?.pollMs ?? config.alerts.pollSeconds * 1000) : null;
  const { watchBucketsMs } = config.settings.aws;
  const watching = watchBucketsMs === null ? null : every(watchBucketsMs, watch);
  const { port } = server.server.address() as AddressInfo;
  log.info({ port, tenant: config.tenantId, sandbox: config.sandbox }, 'listening');

  function poll(intervalMs: number) {
    const backOff = options.waits?.backOff ?? jitteredBackOff;
    let failures = 0;
    return every(intervalMs, async () => {
      try {
        const report = await app.pollGraph();
        failures = 0;
        if (report.fresh > 0 || report.unreadable > 0) log.info({ ...report }, 'graph alerts polled');
        return undefined;
      } catch (error) {
        const retryAfterMs = isCountersignError(error) ? error.retryAfterMs : undefined;
        log.warn({ reason: errorText(error) }, 'graph alerts could not be polled');
        return Math.max(intervalMs, backOff(failures++, retryAfterMs));
      }
    });
  }

  async function watch(): Promise<undefined> {
    try {
      const report = await app.watchBuckets();
      log.info({ ...report }, 'buckets looked at');
    } catch (error) {
      log.warn({ reason: errorText(error) }, 'buckets could not be looked at, will be tried again');
    }
  }

  return {
    url: `http://${config.host}:${port}`,
    async stop() {
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.server.closeIdleConnections();
      });
      await Promise.all([worker.stop(), sealing.stop(), sweeping.stop(), polling?.stop(), watching?.stop()]);
      await seal();
      await store.close();
    },
  };
}

function listen(server: Countersign['server'], config: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: Error) =>
      reject(
        new CountersignError(
          'service.port-taken',
          `Cannot listen on ${config.host}:${config.port}: ${cause.message}`,
          {
            cause,
          },
        ),
      ),
    );
    server.listen(config.port, config.host, () => resolve());
  });
}

/** Runs `work` at once and then at intervals, never twice at a time; what it answers is the next wait in milliseconds. */
function every(intervalMs: number, work: () => Promise<number | undefined>) {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  const round = (): void => {
    running = work().then((wait) => {
      if (!stopped) timer = setTimeout(round, wait ?? intervalMs);
    });
  };
  round();
  return {
    async stop(): Promise<void> {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
