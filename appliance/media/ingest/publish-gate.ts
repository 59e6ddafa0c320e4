import { Problem } from '@sixcast/shared/contract/problem.ts'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import type { AuthorisationCache } from './authorisation-cache.ts'
import type { PublishCall } from './publish-call.ts'
import type { RtmpServer } from './rtmp-server.ts'

/** What the control plane said; `put-off`: it does not listen to this publisher just now; `unavailable`: it could not be asked. */
export type Verdict =
  | { outcome: 'allowed'; open: boolean }
  | { outcome: 'refused'; why?: string | undefined }
  | { outcome: 'put-off' | 'unavailable' }

type Dependencies = {
  ask: (call: PublishCall) => Promise<Verdict>
  cache: AuthorisationCache
  rtmp: Pick<RtmpServer, 'publishers' | 'drop'>
  /** Whether the stream comes from somewhere else: it was asked for by API. */
  isPulled: (name: string) => boolean
  /** Why this node takes no further stream of that name; undefined if it does. */
  full: (name: string) => Problem | undefined
}

/** A publisher that sends nothing for so long is half dead: its line is cut, but nobody has told the kernel yet. */
const SILENT_MS = 2000
const LOOK_EVERY_MS = 200

/** Lets a publisher in, or throws the Problem that keeps it out. */
export function publishGate({ ask, cache, rtmp, isPulled, full }: Dependencies) {
  return async function admit(call: PublishCall): Promise<void> {
    await authorise(call)
    const refusal = full(call.name)
    if (refusal) throw refusal
    await makeRoom(call.name)
    if (isPulled(call.name))
      throw new Problem(
        'already-publishing',
        `${call.name} is pulled from elsewhere, as POST /streams has ordered.`,
      )
  }

  async function authorise(call: PublishCall) {
    const key = call.key ?? ''
    const verdict = await ask(call)
    if (verdict.outcome === 'allowed') return cache.allow(call.name, key, verdict.open)
    if (verdict.outcome === 'refused') cache.forget(call.name, key)
    // Only silence opens the cache: a key that was revoked may still stand in it.
    else if (verdict.outcome === 'unavailable' && cache.knows(call.name, key)) return
    throw new Problem('key-refused', `${reasonFor(verdict)} (stream ${call.name})`)
  }

  /** A name has one publisher, whichever application it uses. */
  async function makeRoom(name: string) {
    const publisherOf = async () => (await rtmp.publishers()).find((publisher) => publisher.name === name)
    const present = await publisherOf()
    if (!present) return
    for (let waited = 0; waited < SILENT_MS; waited += LOOK_EVERY_MS) {
      await sleep(LOOK_EVERY_MS)
      const later = await publisherOf()
      if (later?.clientId !== present.clientId) return
      if (later.bytesIn > present.bytesIn)
        throw new Problem('already-publishing', `Somebody publishes ${name} already.`)
    }
    await rtmp.drop(present)
  }
}

function reasonFor(verdict: Exclude<Verdict, { outcome: 'allowed' }>): string {
  switch (verdict.outcome) {
    case 'refused':
      return verdict.why ?? 'The control plane refuses this publisher.'
    case 'put-off':
      return 'Too many wrong keys came from there.'
    case 'unavailable':
      return 'The control plane cannot be asked, and this key was not used here before.'
  }
}
