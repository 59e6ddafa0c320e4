import { type KeyPair, verifyText } from '@sixcast/shared/contract/identity-key.ts'
import { epochBehindText, signRequest } from '@sixcast/shared/contract/signed-request.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import type { Dispatcher } from 'undici'
import type * as z from 'zod'
import { type Answer, ask } from './answer.ts'

type Fleet = { controlPlaneUrl: string; fleetKey: string; nodeId: string }
type Numbers = { next: () => { epoch: number; number: number }; jumpBeyond: (known: number) => Promise<void> }
type Options<Schema> = { schema: Schema; timeoutMs: number; signal?: AbortSignal | undefined }
type Source = { dispatcher: () => Dispatcher }

/** One refusal for the epoch, one more when another start of this node was quicker. */
const TRIES = 3

/** Requests only this node can make. No clock takes part: the boot epoch and a number that is never used twice stand in for it. */
export function signedRequests({
  fleet,
  keys,
  numbers,
  source,
  log,
}: {
  fleet: Fleet
  keys: KeyPair
  numbers: Numbers
  source: Source
  log: Log
}) {
  /** With a body it is a POST, else a GET. */
  async function once<Schema extends z.ZodType>(
    url: URL,
    body: string | undefined,
    { schema, timeoutMs, signal }: Options<Schema>,
  ) {
    const method = body === undefined ? 'GET' : 'POST'
    const place = { method, host: url.host, path: url.pathname, query: url.search.slice(1) }
    const used = numbers.next()
    const signed = signRequest({ ...place, body: body ?? '', ...used }, fleet.nodeId, keys)
    const answer = await ask(
      {
        url,
        method,
        ...(body === undefined
          ? { headers: signed }
          : { headers: { 'content-type': 'application/json', ...signed }, body }),
        timeoutMs,
        signal,
        dispatcher: source.dispatcher(),
      },
      schema,
    )
    return { answer, used, signature: signed['sixcast-signature'] }
  }

  /** True when the next try stands in another epoch. Only the fleet's signature over this very refusal moves it far. */
  async function inNewEpoch(answer: Answer<unknown>, signature: string, usedEpoch: number): Promise<boolean> {
    if (answer.kind !== 'refused') return false
    if (answer.code === 'replayed') {
      // A restored backup repeats an epoch of an earlier life: its numbers are spent, so leave it by one.
      await numbers.jumpBeyond(usedEpoch)
      return true
    }
    const { code, epoch, proof } = answer
    if (code !== 'epoch-behind' || epoch === undefined || proof === undefined) return false
    if (!verifyText(epochBehindText(epoch, signature), proof, fleet.fleetKey)) return false
    await numbers.jumpBeyond(epoch)
    log.info('the boot epoch lay behind and was raised', { known: epoch })
    return true
  }

  async function insist<Schema extends z.ZodType>(
    path: string,
    body: string | undefined,
    options: Options<Schema>,
  ): Promise<Answer<z.infer<Schema>>> {
    const url = new URL(path, fleet.controlPlaneUrl)
    for (let tries = 1; ; tries += 1) {
      const { answer, used, signature } = await once(url, body, options)
      if (tries === TRIES || !(await inNewEpoch(answer, signature, used.epoch))) return answer
    }
  }

  return {
    post: <Schema extends z.ZodType>(path: string, message: unknown, options: Options<Schema>) =>
      insist(path, JSON.stringify(message), options),
    get: <Schema extends z.ZodType>(path: string, options: Options<Schema>) =>
      insist(path, undefined, options),
  }
}
