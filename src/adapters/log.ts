// Structured logs on stderr, so that stdout stays for what a command answers.
import { pino } from 'pino';
import type { Log } from '../ports/log.ts';

export const createLog = (level: string): Log =>
  pino({ level, base: null }, pino.destination({ fd: 2, sync: true }));
