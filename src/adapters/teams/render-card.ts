// Fills a card template with data. Only the template is ever evaluated: data is text, whatever it looks like.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Template } from 'adaptivecards-templating';
import { CountersignError } from '../../case/errors.ts';
import type { CardContent } from '../../ports/messenger.ts';

/** "Format your bot messages", msteams-docs: design for 28 KB; above the limit Teams answers 413. */
const MAX_BYTES = 28 * 1024;
const MOST_READERS = 60;
const PLAIN_NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;

export interface AdaptiveCardJson {
  readonly type: 'AdaptiveCard';
  readonly [key: string]: unknown;
}
/**
 * Throws CountersignError: `card.unknown-template`, `card.unfilled` (the data lacks what the template names),
 * `card.too-large`. None of them is retryable.
 */
export type CardRenderer = (content: CardContent) => AdaptiveCardJson;

/** Templates are `<folder>/<name>.json`, read once each. */
export function createCardRenderer(folder: string): CardRenderer {
  const templates = new Map<string, Template>();

  const templateOf = (name: string): Template => {
    const known = templates.get(name);
    if (known) return known;
    const template = new Template(insistent(readTemplate(folder, name)));
    templates.set(name, template);
    return template;
  };

  return ({ template, data, refresh }) => {
    const shielded = mapTexts(data, (text) => text.replaceAll('$', SHIELD));
    const filled: unknown = expand(template, templateOf(template), shielded);
    const drawn = JSON.stringify(filled);
    if (drawn.includes('${')) {
      const first = /\$\{[^}"]{0,80}/.exec(drawn)?.[0];
      throw new CountersignError(
        'card.unfilled',
        `cards/${template}.json names what its data lacks: ${first}`,
      );
    }
    const card = {
      ...(mapTexts(filled, (text) =>
        text.replaceAll(INSIST, '').replaceAll(SHIELD, '$'),
      ) as AdaptiveCardJson),
      ...refreshBlock(refresh),
    };
    const bytes = Buffer.byteLength(JSON.stringify(card));
    if (bytes > MAX_BYTES) {
      throw new CountersignError('card.too-large', `cards/${template}.json came to ${bytes} bytes`);
    }
    return card;
  };
}

/** "Up to date cards" and "User Specific Views", msteams-docs: by `29:` ids, 60 at most. For nobody it is left out. */
function refreshBlock(refresh: CardContent['refresh']): Pick<AdaptiveCardJson, 'refresh'> | undefined {
  if (!refresh || refresh.readers.length === 0) return undefined;
  const { caseRef, questionId, readers } = refresh;
  const data = { verb: 'refresh', case: caseRef, question: questionId };
  const action = { type: 'Action.Execute', title: 'Refresh', verb: 'refresh', data };
  return { refresh: { action, userIds: readers.slice(0, MOST_READERS) } };
}

/** Stands for the data's own dollar signs while the template is filled: a `${` that is left over can only be the template's. */
const SHIELD = '\uE000';

/** Before a text that is one expression and nothing else: such a text would silently go missing with its data. */
const INSIST = '\uE001';
const TEXT_KEYS = new Set(['text', 'title', 'label', 'value', 'placeholder', 'altText', 'verb']);

/** Marks the texts that must come out filled; switches such as `isVisible` keep the type of their expression. */
function insistent(node: unknown, mustFill = false): unknown {
  if (typeof node === 'string') return mustFill && node.startsWith('${') ? INSIST + node : node;
  if (Array.isArray(node)) return node.map((item) => insistent(item, mustFill));
  if (node === null || typeof node !== 'object') return node;
  return Object.fromEntries(
    Object.entries(node).map(([key, inner]) => [
      key,
      insistent(inner, key === 'data' || TEXT_KEYS.has(key) || (mustFill && !key.startsWith('$'))),
    ]),
  );
}

function readTemplate(folder: string, name: string): unknown {
  if (!PLAIN_NAME.test(name)) {
    throw new CountersignError('card.unknown-template', 'a template name is a plain file name');
  }
  try {
    return JSON.parse(readFileSync(path.join(folder, `${name}.json`), 'utf8'));
  } catch (cause) {
    throw new CountersignError('card.unknown-template', `cards/${name}.json cannot be read`, { cause });
  }
}

function expand(name: string, template: Template, data: unknown): unknown {
  try {
    return template.expand({ $root: data as object });
  } catch (cause) {
    throw new CountersignError('card.unfilled', `cards/${name}.json cannot be filled`, { cause });
  }
}

function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, change));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, change)]));
}
