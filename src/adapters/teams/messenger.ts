// Cards to people in Teams: draws, sends, edits. Knows nothing of cases.
import type { Messenger } from '../../ports/messenger.ts';
import type { Connector } from './connector.ts';
import { cardActivity } from './outgoing.ts';
import type { CardRenderer } from './render-card.ts';

export interface TeamsMessengerOptions {
  readonly connector: Connector;
  readonly renderCard: CardRenderer;
}

/** Beside what Messenger names it throws what CardRenderer does, before any call. */
export function createTeamsMessenger({ connector, renderCard }: TeamsMessengerOptions): Messenger {
  return {
    send: async (to, card) =>
      connector.post(to, cardActivity(renderCard(card)), card.urgent ? 'urgent' : 'post'),
    update: async (to, activityId, card) => connector.put(to, activityId, cardActivity(renderCard(card))),
  };
}
