import { CannotStart } from '@sixcast/shared/runtime/cannot-start.ts'

type Where = { host: string; port: number; setting: string }

/** A port that is taken is told as a sentence that says what to do; anything else stays what it is. */
export const cannotListen = (error: unknown, { host, port, setting }: Where): unknown =>
  error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
    ? new CannotStart(
        `Port ${port} of ${host} is taken. Stop what listens there, or set ${setting} to another.`,
      )
    : error
