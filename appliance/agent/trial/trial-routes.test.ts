import { createKeyPair, signText } from '@sixcast/shared/contract/identity-key.ts'
import { TRIAL_BYTES, TrialNonce, trialText } from '@sixcast/shared/contract/line-trial.ts'
import { answerProblems } from '@sixcast/shared/runtime/answer-problems.ts'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { Hono } from 'hono'
import { beforeEach, expect, test } from 'vitest'
import { trialRoutes } from './trial-routes.ts'

const fleet = createKeyPair()
const nodeId = 'a'.repeat(20)

let at = 0
let key: string | undefined
let app: Hono
beforeEach(() => {
  at = 0
  key = fleet.publicKey
  app = new Hono().route('/trial', trialRoutes({ nodeId, fleetKey: () => key, now: () => at }))
  answerProblems(
    app,
    createLog('agent', () => {}),
  )
})

const draw = async () => TrialNonce.parse(await (await app.request('/trial')).json()).nonce

function ask(nonce: string, { by = fleet, of = nodeId } = {}) {
  const signature = signText(trialText(of, nonce), by)
  return app.request(`/trial?${new URLSearchParams({ nonce, signature })}`)
}
const codeOf = async (response: Response) => [response.status, (await response.json()).code]

test('the fleet is sent eight megabytes that nothing can make smaller', async () => {
  const response = await ask(await draw())
  expect([response.status, response.headers.get('cache-control')]).toEqual([200, 'no-store'])
  const sent = new Uint8Array(await response.arrayBuffer())
  expect(sent).toHaveLength(TRIAL_BYTES)
  expect(new Set(sent.subarray(0, 4096)).size).toBeGreaterThan(200)
})

test.each<[string, (nonce: string) => Response | Promise<Response>]>([
  ['somebody else', (nonce) => ask(nonce, { by: createKeyPair() })],
  ['the fleet, of another node', (nonce) => ask(nonce, { of: 'b'.repeat(20) })],
  ['the fleet, with a nonce that was never drawn', () => ask('x'.repeat(24))],
  [
    'the fleet, too late',
    (nonce) => {
      at += 10_001
      return ask(nonce)
    },
  ],
  [
    'anybody, before it is in a fleet',
    (nonce) => {
      key = undefined
      return ask(nonce)
    },
  ],
])('%s is sent nothing', async (_, asked) => {
  expect(await codeOf(await asked(await draw()))).toEqual([401, 'bad-signature'])
})

test('what the fleet has asked once cannot be asked again by who has read along, nor another thing at once', async () => {
  const nonce = await draw()
  await (await ask(nonce)).body?.cancel()
  expect(await codeOf(await ask(nonce))).toEqual([401, 'bad-signature'])
  expect(await codeOf(await ask(await draw()))).toEqual([429, 'too-many'])
  at += 20_000
  const again = await ask(await draw())
  expect(again.status).toBe(200)
  await again.body?.cancel()
})

test('who draws nonces without end makes nobody remember them', async () => {
  const first = await draw()
  for (let each = 0; each < 50; each += 1) await draw()
  expect(await codeOf(await ask(first))).toEqual([401, 'bad-signature'])
})
