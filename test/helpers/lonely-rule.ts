// A rule from outside that can only be judged once its timespan is over: one deletion, and no other.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const LONELY_TITLE = 'A deletion that stays alone';

/** A new folder with the rule in it; whoever asked for it removes it. */
export function createLonelyRule(timespan: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'countersign-rules-'));
  writeFileSync(
    path.join(folder, 'lonely.yml'),
    `title: ${LONELY_TITLE}
id: 5a6f0c1e-0000-4000-8000-000000000001
name: a-deletion-that-stays-alone
status: test
correlation:
  type: event_count
  rules:
    - a_deletion
  group-by:
    - userIdentity.arn
  timespan: ${timespan}
  condition:
    lte: 1
level: high
---
title: A deletion
id: 5a6f0c1e-0000-4000-8000-000000000002
name: a_deletion
status: test
logsource:
  product: aws
  service: cloudtrail
detection:
  deletion:
    eventName: DeleteDBSnapshot
  condition: deletion
`,
  );
  return folder;
}
