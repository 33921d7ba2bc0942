// What a request at the bot's door is turned away with: a status, a stable code and one sentence. Never a stack, never the token.

export class DoorRefusal extends Error {
  readonly status: 400 | 401 | 403 | 503;
  readonly code: string;

  constructor(status: 400 | 401 | 403 | 503, code: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'DoorRefusal';
    this.status = status;
    this.code = code;
  }
}
