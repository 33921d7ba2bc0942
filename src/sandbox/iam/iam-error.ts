// The error answers of IAM and Organizations, by code: status as on each operation's page in their API references.
const STATUS = {
  AccessDenied: 403,
  AccessDeniedException: 400,
  ConstraintViolationException: 400,
  DuplicatePolicyAttachmentException: 400,
  DuplicatePolicyException: 400,
  InternalFailure: 500,
  InvalidAction: 400,
  InvalidInputException: 400,
  LimitExceeded: 409,
  MalformedPolicyDocument: 400,
  MalformedPolicyDocumentException: 400,
  NoSuchEntity: 404,
  PolicyInUseException: 400,
  PolicyNotAttachedException: 400,
  PolicyNotFoundException: 400,
  TargetNotFoundException: 400,
  Throttling: 400,
  TooManyRequestsException: 400,
  UnmodifiableEntity: 400,
  ValidationError: 400,
} as const satisfies Record<string, number>;

/** Thrown by operations; each protocol has its own form for it. */
export class IamError extends Error {
  readonly code: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  /** A code that is not listed is one that a test makes up. */
  constructor(
    code: keyof typeof STATUS | (string & {}),
    message: string,
    more: { readonly status?: number; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.code = code;
    this.status = more.status ?? (STATUS as Readonly<Record<string, number>>)[code] ?? 400;
    this.headers = more.headers ?? {};
  }
}
