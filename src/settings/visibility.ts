// The `visibility:` section of the operator's settings file: what of a case managers see.
import { z } from 'zod';
import { DEFAULT_VISIBILITY, type VisibilitySettings } from '../case/visibility.ts';

const shown = z.boolean('must be true or false');

export const visibilitySection = () =>
  z
    .strictObject({
      files: shown.default(DEFAULT_VISIBILITY.files),
      addresses: shown.default(DEFAULT_VISIBILITY.addresses),
      people: shown.default(DEFAULT_VISIBILITY.people),
      policies: z
        .record(
          z.string(),
          z.strictObject({ files: shown.optional(), addresses: shown.optional(), people: shown.optional() }),
        )
        .default({}),
    })
    .transform((read): VisibilitySettings => read)
    .prefault({});
