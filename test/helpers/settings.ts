// Settings of a made-up deployment: everything that a real start needs, in a directory of its own.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';
import { createKey } from '../../src/audit/key.ts';
import { isCountersignError } from '../../src/case/errors.ts';
import type { Environment } from '../../src/config/reader.ts';
import { STAND_IN_URLS } from '../../src/config/safety.ts';

export const TENANT = '00000000-0000-4000-8000-0000000000aa';
export const BOT = '00000000-0000-4000-8000-0000000000bb';
export const PASSWORD = 'bot-password-never-shown';
export const CLOUDTRAIL_KEY = 'cloudtrail-key-never-shown-0123456789';
export const DATABASE = 'postgres://countersign:db-password-never-shown@db.contoso.example/countersign';

export interface Deployment {
  readonly directory: string;
  readonly env: Environment;
  /** The path of a new file in the directory. */
  write(name: string, text: string): string;
  remove(): void;
}

/** Nothing of it reaches anything: no poll, a port of the system's choice. */
export function createDeployment(over: Environment = {}): Deployment {
  const directory = mkdtempSync(path.join(tmpdir(), 'countersign-'));
  const write = (name: string, text: string): string => {
    const file = path.join(directory, name);
    writeFileSync(file, text);
    return file;
  };
  const settings = write('settings.yml', settingsText());
  return {
    directory,
    write,
    env: {
      PORT: '0',
      COUNTERSIGN_STATE_DIR: path.join(directory, 'state'),
      COUNTERSIGN_SETTINGS: settings,
      COUNTERSIGN_TENANT_ID: TENANT,
      COUNTERSIGN_BOT_APP_ID: BOT,
      COUNTERSIGN_BOT_APP_PASSWORD: PASSWORD,
      COUNTERSIGN_TEAMS_APP_ID: '00000000-0000-4000-8000-0000000000cc',
      COUNTERSIGN_CLOUDTRAIL_KEYS: CLOUDTRAIL_KEY,
      COUNTERSIGN_AUDIT_KEY: `file:${write('audit.pem', createKey())}`,
      COUNTERSIGN_AUDIT_CHECKPOINTS: path.join(directory, 'checkpoints.jsonl'),
      COUNTERSIGN_POLL_SECONDS: '0',
      ...over,
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}

export const settingsText = (more = ''): string => `
timeZone: Europe/Berlin
security:
  members: [00000000-0000-4000-8000-000000000003]
  channel: "19:security@thread.tacv2"
aws:
  accounts:
    - id: "123456789012"
      roleArn: arn:aws:iam::123456789012:role/Countersign
${more}`;

/** What makes a sandbox of it. Nothing listens there. */
export const STAND_INS: Environment = {
  COUNTERSIGN_SANDBOX: 'yes',
  COUNTERSIGN_AWS_ACCESS_KEY_ID: 'AKIAEXAMPLE',
  COUNTERSIGN_AWS_SECRET_ACCESS_KEY: 'aws-secret-never-shown',
  ...Object.fromEntries(STAND_IN_URLS.map((name) => [name, 'https://localhost:9'])),
};

/** The lines of the refusal, without their bullets; none when it is accepted. */
export function problemsOf(parse: () => unknown): readonly string[] {
  try {
    parse();
    return [];
  } catch (error) {
    assert.ok(isCountersignError(error) && error.code === 'config.invalid', inspect(error));
    const [heading, ...lines] = error.message.split('\n');
    assert.equal(heading, 'Countersign cannot start:');
    return lines.map((line) => line.replace(/^ {2}- /, ''));
  }
}
