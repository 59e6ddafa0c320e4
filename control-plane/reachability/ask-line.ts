import { type KeyPair, signText } from '@sixcast/shared/contract/identity-key.ts'
import { TRIAL_BYTES, TRIAL_MS, TrialNonce, trialText } from '@sixcast/shared/contract/line-trial.ts'
import { describe } from '@sixcast/shared/runtime/log.ts'
import { Agent, request } from 'undici'
import { urlHost } from '../addresses/addresses.ts'
import { fetchOnce } from './fetch-once.ts'
import { type Arrived, rateOf } from './line-rate.ts'

type Asked = { nodeId: string; address: string; port: number; fleetKey: KeyPair }
export type LineResult =
  | { is: 'measured'; bitsPerSecond: number; bytes: number; milliseconds: number }
  | { is: 'missed'; cause: string }

const ANSWER_MS = 3000

/** Has a node send as much as its line takes, for three seconds at most, to where a viewer would be. */
export async function askLine({ nodeId, address, port, fleetKey }: Asked): Promise<LineResult> {
  const dispatcher = new Agent({ connect: { timeout: ANSWER_MS }, keepAliveTimeout: 1 })
  const url = `http://${urlHost(address)}:${port}/trial`
  try {
    const { status, text } = await fetchOnce({ host: address, port, path: '/trial', connected: () => {} })
    if (status === 404) return { is: 'missed', cause: 'The release of the node cannot be asked for that.' }
    const { nonce } = TrialNonce.parse(JSON.parse(text))
    const signature = signText(trialText(nodeId, nonce), fleetKey)
    return await take(`${url}?${new URLSearchParams({ nonce, signature })}`, dispatcher)
  } catch (error) {
    return { is: 'missed', cause: `Its line could not be measured: ${describe(error).slice(0, 150)}` }
  } finally {
    await dispatcher.destroy()
  }
}

async function take(url: string, dispatcher: Agent): Promise<LineResult> {
  const { statusCode, body } = await request(url, { dispatcher, headersTimeout: ANSWER_MS })
  if (statusCode !== 200) {
    await body.dump()
    return { is: 'missed', cause: `The node answers ${statusCode} when its line is to be measured.` }
  }
  const begun = performance.now()
  const giveUp = AbortSignal.timeout(TRIAL_MS)
  giveUp.addEventListener('abort', () => body.destroy())
  const arrived: Arrived[] = []
  let bytes = 0
  try {
    for await (const chunk of body) {
      bytes += chunk.length
      arrived.push({ at: performance.now() - begun, bytes })
      if (bytes >= TRIAL_BYTES) break
    }
  } catch (error) {
    if (!giveUp.aborted) throw error
  }
  const milliseconds = Math.round(performance.now() - begun)
  return { is: 'measured', bitsPerSecond: rateOf(arrived, milliseconds), bytes, milliseconds }
}
