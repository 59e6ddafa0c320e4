import { describe } from '../../shared/runtime/log.ts'

/** A reason not to start, or not to go on, in one sentence for the person at the terminal. */
export class Refusal extends Error {}

/** The sentence for any failure. A stack says nothing to the person who has to free a disk. */
export function refusalSentence(error: unknown): string {
  if (error instanceof Refusal) return error.message
  const code = errorCode(error)
  if (code === 'ENOSPC' || code === 'EDQUOT') return `The disk is full: ${describe(error)}.`
  if (code === 'EACCES' || code === 'EROFS' || code === 'EPERM')
    return `This folder or file cannot be written: ${describe(error)}.`
  return `Sixcast cannot start: ${describe(error)}`
}

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined
}
