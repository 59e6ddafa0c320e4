import { readFileSync } from 'node:fs'
import { sleep } from '../../shared/runtime/repeat.ts'

/**
 * Waits until the units of a killed launcher are gone: each of them ends by itself when the launcher dies, but a database
 * takes a moment. A pid may long belong to somebody else, so only what names our runtime folder counts.
 */
export async function formerRunEnded(unitsFile: string, runtimeFolder: string, patienceMs = 10_000) {
  const giveUpAt = Date.now() + patienceMs
  while (Date.now() < giveUpAt && formerPids(unitsFile).some((pid) => belongsTo(pid, runtimeFolder)))
    await sleep(50)
}

function formerPids(unitsFile: string): number[] {
  try {
    return Object.values(JSON.parse(readFileSync(unitsFile, 'utf8'))).map(Number)
  } catch {
    return [] // no former run, or one that was killed before it had units
  }
}

function belongsTo(pid: number, runtimeFolder: string): boolean {
  try {
    return ['cmdline', 'environ'].some((file) =>
      readFileSync(`/proc/${pid}/${file}`, 'utf8').includes(runtimeFolder),
    )
  } catch {
    return false
  }
}
