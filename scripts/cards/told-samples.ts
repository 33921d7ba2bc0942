// The cards that ask nobody to decide: to the person in question, to whoever may not look, to administrators.
import { noticeCard } from '../../src/ask/notice-card.ts';
import { neutralCard } from '../../src/ask/redraw.ts';
import { smallTeamCard, unreachedCard } from '../../src/ask/tell-admin.ts';
import type { Case } from '../../src/case/case.ts';
import type { UserId } from '../../src/case/ids.ts';
import type { CardContent } from '../../src/ports/messenger.ts';
import { ALEX, sample } from './sample-case.ts';
import type { Write } from './writer.ts';

const answering = (was: 'me' | 'not-me', over: Partial<Case> = {}): Case =>
  sample({ statements: [{ by: ALEX, at: '2026-11-21T09:20:00.000Z', was }], ...over });

const unreached = (...names: readonly string[]) => ({
  people: names.map((name) => ({ person: name as UserId, name })),
});

export function toldSamples(write: Write): Readonly<Record<string, CardContent>> {
  const notInstalled = { ...unreached('Nils Berg'), why: 'not-installed' } as const;
  return {
    notice: noticeCard(sample(), write),
    'notice.answered': noticeCard(answering('not-me'), write),
    'notice.it-was-me': noticeCard(answering('me'), write),
    'notice.closed': noticeCard(answering('me', { state: 'dismissed' }), write),
    neutral: neutralCard(write),
    'admin-notice': unreachedCard(sample(), notInstalled, 1, write),
    'admin-notice.many': unreachedCard(
      sample(),
      { ...unreached('Nils Berg', 'Priya Nair', 'Tom Sato'), why: 'not-installed' },
      12,
      write,
    ),
    'admin-notice.removed': unreachedCard(sample(), { ...notInstalled, why: 'removed' }, 0, write),
    'admin-notice.refused': unreachedCard(sample(), { ...notInstalled, why: 'refused' }, 0, write),
    'admin-team': smallTeamCard(sample(), write),
  };
}
