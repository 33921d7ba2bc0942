// The mailboxes of contoso.example, as their owners set them: whose clock runs elsewhere, who is away, and whose cannot be read.
import { type Person, people } from './people.ts';

export interface Mailbox {
  /** As Outlook writes it: a Windows name, or IANA's. */
  readonly timeZone: string;
  readonly workingHours: {
    readonly days: readonly string[];
    /** `09:00` */
    readonly from: string;
    readonly to: string;
    readonly timeZone: string;
  };
  readonly replies:
    | { readonly status: 'disabled' | 'alwaysEnabled' }
    | { readonly status: 'scheduled'; readonly startMs: number; readonly endMs: number };
  /** BCP 47. */
  readonly locale: string;
  /** False: it is on premises, or there is none. */
  readonly readable: boolean;
}

const DAY_MS = 86_400_000;
const WORKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday'];
const office = (timeZone: string, from = '09:00', to = '17:00') => ({
  timeZone,
  workingHours: { days: WORKDAYS, from, to, timeZone },
});

/** What differs from everybody else's. `now` for who is away: they always come back in three days. */
const particulars = (now: number): Readonly<Record<string, Partial<Mailbox>>> => ({
  [people.morgan.id]: office('W. Europe Standard Time', '08:30', '17:00'),
  [people.jonas.id]: office('Europe/Stockholm'),
  [people.yuki.id]: office('Tokyo Standard Time', '09:00', '18:00'),
  // On a journey: what she reads is in local time, when she works is not.
  [people.dana.id]: { ...office('Eastern Standard Time'), timeZone: 'Pacific Standard Time' },
  [people.paula.id]: {
    ...office('Romance Standard Time', '09:00', '18:00'),
    replies: { status: 'scheduled', startMs: startOfDay(now) - DAY_MS, endMs: startOfDay(now) + 3 * DAY_MS },
  },
  [people.luc.id]: { ...office('Romance Standard Time'), replies: { status: 'alwaysEnabled' } },
  [people.otto.id]: { readable: false },
});

const startOfDay = (ms: number): number => Math.floor(ms / DAY_MS) * DAY_MS;

export const mailboxOf = (person: Person, now: number): Mailbox => ({
  ...office('GMT Standard Time'),
  replies: { status: 'disabled' },
  locale: person.preferredLanguage ?? '',
  readable: person.userType === 'Member',
  ...particulars(now)[person.id],
});
