import { describe, type Log } from '@sixcast/shared/runtime/log.ts'
import { isDatabaseAway } from './database-away.ts'

/** What a loop does with a round that failed. A lost database stops none: the next round asks it again. */
export const reportRound = (log: Pick<Log, 'warn' | 'error'>) => (error: unknown) => {
  if (isDatabaseAway(error)) log.warn('the database does not answer', { cause: describe(error) })
  else log.error('a round failed', error)
}
