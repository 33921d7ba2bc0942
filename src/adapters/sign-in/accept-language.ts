// Which languages a browser asks for, the dearest first. Pure. Source: RFC 9110, 12.5.4.

const MOST = 20;
const RANGE = /^([a-z]{1,8}(?:-[a-z0-9]{1,8})*)(?:;q=([01](?:\.\d{1,3})?))?$/i;

/** What cannot be read, and what is not wanted (`q=0`), is left out. */
export const wishesOf = (header = ''): readonly string[] =>
  header
    .split(',', MOST)
    .flatMap((item) => {
      const [, locale, quality = '1'] = RANGE.exec(item.replace(/\s+/g, '')) ?? [];
      return locale === undefined ? [] : [{ locale, quality: Number(quality) }];
    })
    .filter(({ quality }) => quality > 0)
    .toSorted((one, other) => other.quality - one.quality)
    .map(({ locale }) => locale);
