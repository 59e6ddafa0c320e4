import { setTimeout as pause } from 'node:timers/promises'

/** Looks again and again until `look` no longer throws; answers what it found and how long that took. */
export async function eventually<Found>(
  look: () => Promise<Found>,
  withinMs = 30_000,
): Promise<{ found: Found; afterMs: number }> {
  const startedAt = Date.now()
  for (;;) {
    try {
      return { found: await look(), afterMs: Date.now() - startedAt }
    } catch (error) {
      if (Date.now() - startedAt > withinMs) throw new Error(`not within ${withinMs} ms`, { cause: error })
      await pause(100)
    }
  }
}

export async function expectStatus(url: string, status: number): Promise<Response> {
  const response = await fetch(url, { signal: AbortSignal.timeout(5000) })
  if (response.status !== status) throw new Error(`${url} answers ${response.status}, not ${status}`)
  return response
}
