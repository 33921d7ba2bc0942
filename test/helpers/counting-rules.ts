// Rules from outside that count: one that can only be judged once its timespan is over (one deletion, and no other), and one
// over Defender's alerts.
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export const LONELY_TITLE = 'A deletion that stays alone';

export const PAIR_TITLE = 'Two mass downloads';

/** A new folder with the rules in it; whoever asked for it removes it. */
export function createCountingRules(timespan: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'countersign-rules-'));
  writeFileSync(path.join(folder, 'pair.yml'), PAIR);
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

const PAIR = `title: ${PAIR_TITLE}
id: 5a6f0c1e-0000-4000-8000-000000000003
name: two-mass-downloads
status: test
correlation:
  type: event_count
  rules:
    - a_mass_download
  group-by:
    - category
  timespan: 1h
  condition:
    gte: 2
level: high
---
title: A mass download
id: 5a6f0c1e-0000-4000-8000-000000000004
name: a_mass_download
status: test
logsource:
  product: m365
detection:
  download:
    title|contains: mass download
  condition: download
`;
