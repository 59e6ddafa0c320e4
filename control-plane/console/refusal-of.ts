import { Problem } from '@sixcast/shared/contract/problem.ts'

/** What the operator can mend himself is said beside what he typed; the rest is not for here. */
export const refusalOf = (deed: Promise<unknown>): Promise<Problem | undefined> =>
  deed.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof Problem) return error
      throw error
    },
  )
