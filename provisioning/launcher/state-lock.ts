import { spawnSync } from 'node:child_process'
import { closeSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs'
import { Refusal } from './refusal.ts'

/**
 * Makes this process the only one that runs a fleet from this folder. The kernel holds the lock as long as the file is
 * open, and lets it go however the process ends, so there is no stale lock.
 */
export function lockState(file: string, folder: string): { release: () => void } {
  const lock = openSync(file, 'a', 0o600)
  if (!takeLock(lock)) {
    const pid = readFileSync(file, 'utf8').trim()
    throw new Refusal(
      `A fleet is already running from ${folder} (process ${pid}): stop it, or choose another --state.`,
    )
  }
  ftruncateSync(lock)
  writeSync(lock, `${process.pid}\n`)
  return { release: () => closeSync(lock) }
}

/** Whether a launcher runs from this folder now. */
export function stateIsLocked(file: string): boolean {
  const lock = openSync(file, 'r')
  try {
    return !takeLock(lock)
  } finally {
    closeSync(lock)
  }
}

/** flock(1) locks the open file that it shares with us; so the lock is ours when flock is gone. */
function takeLock(lock: number): boolean {
  const { status, error } = spawnSync('flock', ['--nonblock', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', lock],
  })
  if (error) throw error
  return status === 0
}
