import type { HeartbeatReply } from '@sixcast/shared/contract/heartbeat.ts'
import { backoffMs } from '@sixcast/shared/runtime/backoff.ts'
import type { Answer } from '../requests/answer.ts'

export type BeatState =
  | { name: 'starting' }
  | { name: 'accepted'; nextSeconds: number }
  | { name: 'failing'; failures: number; cause: string }
  /** The control plane does not know this node, or no longer: only a person can change that. */
  | { name: 'barred'; code: 'node-revoked' | 'unknown-node' }

const BACKOFF = { firstMs: 1000, longestMs: 120_000 }
const BARRED_SECONDS = 120

/** What the heartbeat has come to with this answer. */
export function nextBeatState(state: BeatState, answer: Answer<HeartbeatReply>): BeatState {
  if (answer.kind === 'accepted') return { name: 'accepted', nextSeconds: answer.body.nextSeconds }
  const failures = (state.name === 'failing' ? state.failures : 0) + 1
  if (answer.kind === 'away') return { name: 'failing', failures, cause: answer.cause }
  const { code, message } = answer
  if (code === 'node-revoked' || code === 'unknown-node') return { name: 'barred', code }
  return { name: 'failing', failures, cause: message ? `${code}: ${message}` : code }
}

/** How long until the next beat. Drawn from a range, so that a fleet that started at once does not knock at once. */
export function pauseMs(state: BeatState, random: () => number = Math.random): number {
  if (state.name === 'failing') return backoffMs(state.failures, BACKOFF, random)
  const seconds = state.name === 'accepted' ? Math.min(Math.max(state.nextSeconds, 1), 300) : BARRED_SECONDS
  return seconds * 1000 * (0.8 + 0.4 * random())
}
