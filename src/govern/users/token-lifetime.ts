// How long what was given out before goes on working, where an app does not ask Entra in between.

/**
 * "Access tokens in the Microsoft identity platform", Token lifetime: by default a random time between 60 and 90 minutes. Whoever says
 * an hour calls a session over that may last half an hour more. The words say "up to an hour and a half".
 */
export const TOKENS_LIVE_MS = 90 * 60_000;
