// What `countersign buckets` is configured with: the operator's own settings, or the sandbox that runs here.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { OperatorSettings } from '../case/settings.ts';
import type { Secret } from '../config/secret.ts';
import { environment, parseConfig, parseStoreConfig, presentSettings } from '../config.ts';
import { readRunning } from '../sandbox/running.ts';
import { SAMPLE_REGION } from '../sandbox/samples/cloudtrail-samples.ts';
import { parseSettings } from '../settings/file.ts';

export interface BucketsConfig {
  readonly settings: OperatorSettings;
  readonly directory: string;
  readonly databaseUrl: Secret | null;
  readonly aws: {
    readonly region: string;
    readonly endpoint?: string | undefined;
    readonly stsEndpoint?: string | undefined;
    readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string } | undefined;
  };
}

/** Throws `config.invalid` with every problem, or `sandbox.not-running`. */
export function bucketsConfig(): BucketsConfig {
  const env = environment();
  const beside = presentSettings(env).every((name) => name === 'COUNTERSIGN_STATE_DIR');
  return beside && env.NODE_ENV !== 'production' ? ofSandbox() : ofDeployment();
}

function ofSandbox(): BucketsConfig {
  const { stateDirectory: directory, databaseUrl } = parseStoreConfig(environment());
  const { s3, aws } = readRunning(directory);
  return {
    settings: parseSettings(readFileSync(path.join(directory, 'settings.yml'), 'utf8'), directory),
    directory,
    databaseUrl,
    aws: { region: SAMPLE_REGION, endpoint: s3, stsEndpoint: `${s3}/sts`, credentials: aws.countersign },
  };
}

function ofDeployment(): BucketsConfig {
  const { settings, stateDirectory, databaseUrl, aws } = parseConfig(environment());
  const { credentials, region, s3Url, stsUrl } = aws;
  return {
    settings,
    directory: stateDirectory,
    databaseUrl,
    aws: {
      region,
      endpoint: s3Url ?? undefined,
      stsEndpoint: stsUrl ?? undefined,
      credentials: credentials
        ? { accessKeyId: credentials.accessKeyId, secretAccessKey: credentials.secretAccessKey.reveal() }
        : undefined,
    },
  };
}
