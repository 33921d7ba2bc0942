// The SDK keeps the keys of a login for the life of the process, known by the address alone. The test worlds of one process come and
// go on random ports, and sooner or later two share one: the second then refuses its own bot tokens. So each starts without memory.
import { createRequire } from 'node:module';

const { JwtTokenExtractor } = createRequire(import.meta.url)(
  'botframework-connector/lib/auth/jwtTokenExtractor.js',
);

export const forgetBotKeys = (): void => JwtTokenExtractor.openIdMetadataCache.clear();
