// How Teams draws cards, as far as pictures for review need it: colours, sizes and spacings of its light and dark themes.
export type Theme = 'light' | 'dark';

interface Palette {
  readonly page: string;
  readonly card: string;
  readonly border: string;
  readonly text: string;
  readonly subtle: string;
  readonly accent: string;
  readonly button: string;
  readonly good: string;
  readonly warning: string;
  readonly attention: string;
  readonly emphasis: string;
  readonly tints: {
    readonly good: string;
    readonly warning: string;
    readonly attention: string;
    readonly accent: string;
  };
}

export const PALETTES: Readonly<Record<Theme, Palette>> = {
  light: {
    page: '#f5f5f5',
    card: '#ffffff',
    border: '#d1d1d1',
    text: '#242424',
    subtle: '#616161',
    accent: '#5b5fc7',
    button: '#ffffff',
    good: '#237b4b',
    warning: '#835c00',
    attention: '#c4314b',
    emphasis: '#f0f0f0',
    tints: { good: '#e7f2da', warning: '#fbf6d9', attention: '#fcf4f6', accent: '#e8ebfa' },
  },
  dark: {
    page: '#1f1f1f',
    card: '#292929',
    border: '#666666',
    text: '#ffffff',
    subtle: '#adadad',
    accent: '#9299f7',
    button: '#292929',
    good: '#92c353',
    warning: '#f8d22a',
    attention: '#f9526b',
    emphasis: '#141414',
    tints: { good: '#0d2e0d', warning: '#463100', attention: '#3b1519', accent: '#2f2f4a' },
  },
};

/** The host configuration that adaptivecards.HostConfig takes. */
export function hostConfig(theme: Theme): object {
  const { text, subtle, accent, good, warning, attention, card, emphasis, tints, border } = PALETTES[theme];
  const shade = (color: string, quiet = color) => ({ default: color, subtle: quiet });
  const foregroundColors = {
    default: shade(text, subtle),
    dark: shade('#242424', '#616161'),
    light: shade('#ffffff', '#d1d1d1'),
    accent: shade(accent),
    good: shade(good),
    warning: shade(warning),
    attention: shade(attention),
  };
  const container = (backgroundColor: string) => ({ backgroundColor, foregroundColors });
  return {
    fontFamily: "'Segoe UI', 'Liberation Sans', 'DejaVu Sans', Arial, sans-serif",
    supportsInteractivity: true,
    fontSizes: { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 },
    fontWeights: { lighter: 400, default: 400, bolder: 600 },
    lineHeights: { small: 16, default: 20, medium: 20, large: 24, extraLarge: 32 },
    imageSizes: { small: 32, medium: 52, large: 100 },
    spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
    separator: { lineThickness: 1, lineColor: border },
    containerStyles: {
      default: container(card),
      emphasis: container(emphasis),
      good: container(tints.good),
      warning: container(tints.warning),
      attention: container(tints.attention),
      accent: container(tints.accent),
    },
    actions: {
      maxActions: 6,
      buttonSpacing: 8,
      actionsOrientation: 'horizontal',
      actionAlignment: 'left',
      spacing: 'default',
      showCard: { actionMode: 'inline', inlineTopMargin: 16 },
    },
    factSet: {
      title: { weight: 'bolder', wrap: true, maxWidth: 150 },
      value: { wrap: true },
      spacing: 16,
    },
    textStyles: { heading: { weight: 'bolder', size: 'large' } },
  };
}

/** What the host configuration has no words for: buttons, inputs, and an action bar that wraps on a phone. */
export function stylesheet(theme: Theme): string {
  const { page, card, border, text, subtle, accent, button, attention } = PALETTES[theme];
  return `
    body { margin: 0; padding: 8px; background: ${page}; color: ${text}; font-family: 'Segoe UI', 'Liberation Sans', sans-serif; }
    #card { background: ${card}; border: 1px solid ${border}; border-radius: 8px; overflow: hidden; }
    .ac-actionSet { flex-wrap: wrap !important; row-gap: 8px; }
    .ac-actionSet > div[style*='flex: 0 0 auto'] { height: 0; }
    .ac-pushButton { min-height: 32px; padding: 5px 12px; border: 1px solid ${border}; border-radius: 4px;
      background: ${button}; color: ${text}; font: 600 14px/20px 'Segoe UI', 'Liberation Sans', sans-serif; }
    .ac-pushButton.style-positive { background: ${accent}; border-color: ${accent}; color: #fff; }
    .ac-pushButton.style-destructive { color: ${attention}; }
    .ac-input { box-sizing: border-box; padding: 6px 8px; border: 1px solid ${border}; border-radius: 4px; background: ${page};
      color: ${text}; font: 14px/20px 'Segoe UI', 'Liberation Sans', sans-serif; }
    .ac-input::placeholder { color: ${subtle}; }
    .ac-anchor, a { color: ${accent}; }
    .ac-textBlock p, .ac-textBlock ul, .ac-textBlock ol { margin: 0; }
  `;
}
