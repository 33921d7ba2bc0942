#!/usr/bin/env node
// The countersign command: makes sure that packages and the pinned Node are there, then hands over to src/cli/.
import { onPinnedNode } from '../scripts/pinned-node.mjs';

if (onPinnedNode()) await import('../src/cli/index.ts');
