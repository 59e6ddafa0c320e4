import * as z from 'zod'

/** Every failure a caller can act on, and its HTTP status. The list is closed: boxes and scripts compare these codes. */
export const problemStatus = {
  'bad-request': 400,
  'bad-name': 400,
  'not-signed': 401,
  'bad-signature': 401,
  'not-logged-in': 401,
  'wrong-password': 401,
  'node-revoked': 403,
  'key-refused': 403,
  'claim-refused': 403,
  'foreign-request': 403,
  'not-allowed': 403,
  'local-only': 403,
  'unknown-node': 404,
  'unknown-stream': 404,
  'not-live': 404,
  'not-found': 404,
  'bad-method': 405,
  'claim-used': 409,
  replayed: 409,
  'epoch-behind': 409,
  'already-publishing': 409,
  'name-taken': 409,
  busy: 409,
  'edited-meanwhile': 409,
  'claim-expired': 410,
  'too-large': 413,
  'bad-range': 416,
  'too-many': 429,
  bug: 500,
  unavailable: 503,
  'node-full': 503,
  'fleet-full': 503,
  'out-of-reach': 503,
} as const
export type ProblemCode = keyof typeof problemStatus

export const ProblemBody = z.object({
  code: z.enum(Object.keys(problemStatus) as [ProblemCode, ...ProblemCode[]]),
  /** One sentence for people: what is wrong, with what, what to do. */
  message: z.string().optional(),
  /** With `epoch-behind`: the boot epoch the control plane knows. */
  epoch: z.number().int().optional(),
  /** In seconds, with what may be over by then; `Retry-After` says it too. */
  retry_after: z.int().optional(),
})
export type ProblemBody = z.infer<typeof ProblemBody>

/** A failure the caller can act on. Anything else that is thrown is a bug. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly details: Omit<ProblemBody, 'code' | 'message'>

  constructor(code: ProblemCode, message?: string, details: Omit<ProblemBody, 'code' | 'message'> = {}) {
    super(message ?? code)
    this.name = 'Problem'
    this.code = code
    this.details = details
  }

  get status() {
    return problemStatus[this.code]
  }

  body(): ProblemBody {
    return {
      code: this.code,
      ...(this.message === this.code ? {} : { message: this.message }),
      ...this.details,
    }
  }
}
