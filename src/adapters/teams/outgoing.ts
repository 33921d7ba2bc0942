// The activities that the bot sends. A card is always the only content: text beside it costs the activity id in some clients.
import type { ChatReply } from '../../ports/chat.ts';
import type { AdaptiveCardJson, CardRenderer } from './render-card.ts';

export const CARD_TYPE = 'application/vnd.microsoft.card.adaptive';
const TEXT_ANSWER_TYPE = 'application/vnd.microsoft.activity.message';

export interface OutgoingActivity {
  readonly type: 'message';
  readonly text?: string;
  readonly textFormat?: 'markdown';
  readonly attachments?: readonly { readonly contentType: string; readonly content: AdaptiveCardJson }[];
}

/** "Response format" of Universal Actions, msteams-docs. */
export interface InvokeAnswer {
  readonly statusCode: 200;
  readonly type: string;
  readonly value: AdaptiveCardJson | string;
}

export const cardActivity = (content: AdaptiveCardJson): OutgoingActivity => ({
  type: 'message',
  attachments: [{ contentType: CARD_TYPE, content }],
});
const textActivity = (text: string): OutgoingActivity => ({ type: 'message', text, textFormat: 'markdown' });

export const replyActivity = (reply: ChatReply, render: CardRenderer): OutgoingActivity =>
  reply.kind === 'card' ? cardActivity(render(reply.card)) : textActivity(reply.text);

export const invokeAnswer = (reply: ChatReply, render: CardRenderer): InvokeAnswer =>
  reply.kind === 'card'
    ? { statusCode: 200, type: CARD_TYPE, value: render(reply.card) }
    : { statusCode: 200, type: TEXT_ANSWER_TYPE, value: reply.text };
