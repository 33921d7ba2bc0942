// What a card may hold so that Teams draws it: the elements and properties of Adaptive Cards up to 1.5 that Teams documents
// ("Design Adaptive Cards", "Universal Actions for Adaptive Cards"), as one pure function. A misspelt property is a finding:
// Teams would ignore it without a word.

type Node = Readonly<Record<string, unknown>>;

const EVERYWHERE = ['type', 'id', 'fallback', 'requires', '$data', '$when'];
const ELEMENT = [...EVERYWHERE, 'isVisible', 'spacing', 'separator', 'height'];
const INPUT = [...ELEMENT, 'label', 'isRequired', 'errorMessage', 'value', 'placeholder'];
const ACTION = [...EVERYWHERE, 'title', 'style', 'mode', 'iconUrl', 'tooltip', 'isEnabled'];
const BOX = [
  'selectAction',
  'style',
  'bleed',
  'minHeight',
  'verticalContentAlignment',
  'rtl',
  'backgroundImage',
];
const TEXT = ['text', 'color', 'fontType', 'isSubtle', 'size', 'weight'];

interface Shape {
  readonly may: readonly string[];
  readonly must: readonly string[];
}
const shape = (may: readonly string[], must: readonly string[]): Shape => ({ may: [...may, ...must], must });

const SHAPES: Readonly<Record<string, Shape>> = {
  AdaptiveCard: shape(
    [...BOX, '$schema', 'actions', 'speak', 'lang', 'refresh', 'authentication', 'msteams'],
    ['type', 'version', 'body', 'fallbackText'],
  ),
  /** Behind `Action.ShowCard`: a part of the card around it. */
  UnfoldedCard: shape([...BOX, 'actions'], ['type', 'body']),
  TextBlock: shape([...ELEMENT, ...TEXT, 'horizontalAlignment', 'maxLines', 'wrap', 'style'], ['text']),
  RichTextBlock: shape([...ELEMENT, 'horizontalAlignment'], ['inlines']),
  TextRun: shape(
    [...EVERYWHERE, ...TEXT, 'highlight', 'italic', 'strikethrough', 'underline', 'selectAction'],
    ['text'],
  ),
  Image: shape(
    [...ELEMENT, 'backgroundColor', 'horizontalAlignment', 'selectAction', 'size', 'style', 'width'],
    ['url', 'altText'],
  ),
  ImageSet: shape([...ELEMENT, 'imageSize'], ['images']),
  Container: shape([...ELEMENT, ...BOX], ['items']),
  ColumnSet: shape([...ELEMENT, ...BOX, 'horizontalAlignment'], ['columns']),
  Column: shape([...ELEMENT, ...BOX, 'width'], ['items']),
  FactSet: shape(ELEMENT, ['facts']),
  Fact: shape(['$data', '$when'], ['title', 'value']),
  ActionSet: shape(ELEMENT, ['actions']),
  Table: shape(
    [
      ...ELEMENT,
      'firstRowAsHeader',
      'showGridLines',
      'gridStyle',
      'horizontalCellContentAlignment',
      'verticalCellContentAlignment',
    ],
    ['columns', 'rows'],
  ),
  TableColumn: shape(
    ['$data', '$when', 'horizontalCellContentAlignment', 'verticalCellContentAlignment'],
    ['width'],
  ),
  TableRow: shape(
    [...EVERYWHERE, 'style', 'horizontalCellContentAlignment', 'verticalCellContentAlignment'],
    ['cells'],
  ),
  TableCell: shape([...EVERYWHERE, ...BOX], ['items']),
  'Input.Text': shape(
    [...INPUT, 'isMultiline', 'maxLength', 'regex', 'style', 'inlineAction'],
    ['id', 'label'],
  ),
  'Input.Number': shape([...INPUT, 'min', 'max'], ['id', 'label']),
  'Input.Date': shape([...INPUT, 'min', 'max'], ['id', 'label']),
  'Input.Time': shape([...INPUT, 'min', 'max'], ['id', 'label']),
  'Input.Toggle': shape([...INPUT, 'valueOn', 'valueOff', 'wrap'], ['id', 'title']),
  'Input.ChoiceSet': shape(
    [...INPUT, 'isMultiSelect', 'style', 'wrap', 'choices.data'],
    ['id', 'label', 'choices'],
  ),
  // "People Picker in Adaptive Cards": Teams itself searches.
  'Data.Query': shape([], ['dataset']),
  'Input.Choice': shape(['$data', '$when'], ['title', 'value']),
  // Without a fallback, older clients show no button at all.
  'Action.Execute': shape([...ACTION, 'associatedInputs'], ['title', 'verb', 'data', 'fallback']),
  'Action.Submit': shape([...ACTION, 'associatedInputs'], ['title', 'data']),
  'Action.OpenUrl': shape(ACTION, ['title', 'url']),
  'Action.ShowCard': shape(ACTION, ['title', 'card']),
  'Action.ToggleVisibility': shape(ACTION, ['title', 'targetElements']),
};

/** Children that carry no type of their own. */
const UNTYPED: Readonly<Record<string, string>> = {
  'FactSet.facts': 'Fact',
  'ColumnSet.columns': 'Column',
  'Table.columns': 'TableColumn',
  'Table.rows': 'TableRow',
  'TableRow.cells': 'TableCell',
  'Input.ChoiceSet.choices': 'Input.Choice',
  'ImageSet.images': 'Image',
};
const CHILDREN = [
  'body',
  'items',
  'columns',
  'facts',
  'inlines',
  'images',
  'actions',
  'rows',
  'cells',
  'choices',
];
const SINGLE = ['selectAction', 'inlineAction', 'card', 'fallback', 'choices.data'];

const ENUMS: Readonly<Record<string, readonly string[]>> = {
  color: ['default', 'dark', 'light', 'accent', 'good', 'warning', 'attention'],
  size: ['default', 'small', 'medium', 'large', 'extralarge', 'auto', 'stretch'],
  weight: ['default', 'lighter', 'bolder'],
  fontType: ['default', 'monospace'],
  spacing: ['default', 'none', 'small', 'medium', 'large', 'extralarge', 'padding'],
  horizontalAlignment: ['left', 'center', 'right'],
  verticalContentAlignment: ['top', 'center', 'bottom'],
  height: ['auto', 'stretch'],
  mode: ['primary', 'secondary'],
};
const STYLES: Readonly<Record<string, readonly string[]>> = {
  TextBlock: ['default', 'heading'],
  Action: ['default', 'positive', 'destructive'],
  Image: ['default', 'person'],
  'Input.Text': ['text', 'tel', 'url', 'email', 'password'],
  'Input.ChoiceSet': ['compact', 'expanded', 'filtered'],
  Box: ['default', 'emphasis', 'good', 'attention', 'warning', 'accent'],
};
/** "Design Adaptive Cards": up to six primary buttons, the rest behind a menu. */
const MOST_ACTIONS = 6;

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isOpen = (value: unknown): boolean => typeof value === 'string' && value.includes('${');

/** What is wrong with a card, or with a template of one, a sentence each. */
export function checkCard(card: unknown): readonly string[] {
  if (!isNode(card) || card.type !== 'AdaptiveCard') return ['it is no AdaptiveCard'];
  const problems: string[] = [];
  const ids: string[] = [];
  const wanted: string[] = [];
  if (card.version !== '1.5') problems.push('version is not 1.5');

  const visit = (node: unknown, kind: string, where: string): void => {
    if (!isNode(node)) return void problems.push(`${where} is no element`);
    const known = SHAPES[kind];
    if (!known) return void problems.push(`${where} is of a type that Teams does not draw: ${kind}`);
    problems.push(
      ...known.must
        .filter((name) => node[name] === undefined)
        .map((name) => `${where} (${kind}) has no ${name}`),
      ...Object.keys(node)
        .filter((name) => name !== 'type' && !known.may.includes(name))
        .map((name) => `${where} (${kind}) cannot have ${name}`),
      ...checkValues(node, kind, where),
    );
    if (typeof node.id === 'string') ids.push(node.id);
    if (kind === 'Action.Execute') problems.push(...checkExecute(node, where));
    if (Array.isArray(node.targetElements)) wanted.push(...node.targetElements.map(targetId));
    for (const name of CHILDREN) {
      const children = node[name];
      if (children === undefined) continue;
      if (!Array.isArray(children)) problems.push(`${where}.${name} is no list`);
      else
        children.forEach((child: unknown, at) => {
          const type = isNode(child) && typeof child.type === 'string' ? child.type : undefined;
          visit(child, type ?? UNTYPED[`${kind}.${name}`] ?? 'nothing', `${where}.${name}[${at}]`);
        });
    }
    for (const name of SINGLE) {
      const child = node[name];
      if (isNode(child))
        visit(child, name === 'card' ? 'UnfoldedCard' : String(child.type), `${where}.${name}`);
    }
    if (Array.isArray(node.actions) && node.actions.length > MOST_ACTIONS)
      problems.push(`${where} has ${node.actions.length} buttons: at most ${MOST_ACTIONS}`);
  };
  visit(card, 'AdaptiveCard', 'card');

  const twice = ids.filter((id, at) => ids.indexOf(id) !== at);
  const lost = wanted.filter((id) => !ids.includes(id));
  return [
    ...problems,
    ...twice.map((id) => `two elements have the id ${id}`),
    ...lost.map((id) => `no element has the id ${id}, which a button shows and hides`),
  ];
}

const targetId = (target: unknown): string => String(isNode(target) ? target.elementId : target);

function checkValues(node: Node, kind: string, where: string): readonly string[] {
  const styles = kind.startsWith('Action.') ? STYLES.Action : (STYLES[kind] ?? STYLES.Box);
  const allowed = { ...ENUMS, style: styles };
  return Object.entries(allowed).flatMap(([name, choices]) => {
    const value = node[name];
    if (value === undefined || isOpen(value) || /^\d+px$/.test(String(value))) return [];
    return choices?.includes(String(value).toLowerCase())
      ? []
      : [`${where} (${kind}): ${name} cannot be ${JSON.stringify(value)}`];
  });
}

/** Both ways to press a button say the same. */
function checkExecute(action: Node, where: string): readonly string[] {
  const { fallback, data, verb } = action;
  if (!isNode(fallback)) return [`${where} has no Submit fallback`];
  return [
    ...(fallback.type === 'Action.Submit' ? [] : [`${where} has a fallback that is no Action.Submit`]),
    ...(JSON.stringify(fallback.data) === JSON.stringify(data)
      ? []
      : [`${where} has a fallback with other data`]),
    ...(fallback.title === action.title ? [] : [`${where} has a fallback with another title`]),
    ...(isNode(data) && data.verb === verb ? [] : [`${where} has another verb than its data`]),
  ];
}

/** The verbs of all its buttons, shown or not, without their fallbacks. */
export function verbsOf(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(verbsOf);
  if (!isNode(node)) return [];
  const own = node.type === 'Action.Execute' ? [String(node.verb)] : [];
  return [...own, ...Object.values(node).flatMap(verbsOf)];
}
