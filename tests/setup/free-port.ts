import { once } from 'node:events'
import { createServer } from 'node:net'

/** Below the ports that the kernel hands out by itself, above the promised ones. */
const FIRST = 12_000
const PER_FILE = 50
const FILES = 400

/** Each file of a run has a worker of its own; the parent keeps runs beside each other apart. */
const worker = Number(process.env.VITEST_WORKER_ID ?? process.pid)
const block = FIRST + ((process.ppid * 31 + worker) % FILES) * PER_FILE
let asked = 0

/** A port that no other file of the run is given, however long its process takes to listen there. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PER_FILE; tries += 1) {
    const port = block + (asked % PER_FILE)
    asked += 1
    if (await isFree(port)) return port
  }
  throw new Error(`None of the ports from ${block} on is free.`)
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}
