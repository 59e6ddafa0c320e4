import { OTHER_ADDRESS } from '@sixcast/shared/contract/other-address.ts'
import { expect, test, vi } from 'vitest'
import type { Answer } from '../requests/answer.ts'
import { otherAddress } from './other-address.ts'

const HEARD: Answer<unknown> = { kind: 'accepted', body: { heard: true } }

test('it is said once, again when it is another, when it is gone, and before it is forgotten', async () => {
  let [address, at]: [string | undefined, number] = [undefined, 0]
  const say = vi.fn(async (_: string | undefined) => HEARD)
  const { beaten } = otherAddress({ other: () => address, say, log: { info: () => {} }, now: () => at })
  const said = async () => {
    await beaten()
    return say.mock.calls.splice(0).map(([said]) => said)
  }
  expect(await said(), 'of one family there is nothing to say').toEqual([])
  address = '45.66.1.1'
  expect([await said(), await said()]).toEqual([['45.66.1.1'], []])
  address = '45.66.1.2'
  expect(await said()).toEqual(['45.66.1.2'])
  at += OTHER_ADDRESS.everySeconds * 1000
  expect([await said(), await said()]).toEqual([['45.66.1.2'], []])
  address = undefined
  expect([await said(), await said()]).toEqual([[undefined], []])
})

test('what was not heard is said after the next heartbeat, and told a person once', async () => {
  const answers: Answer<unknown>[] = [
    { kind: 'away', cause: 'no route' },
    { kind: 'away', cause: 'no route' },
    HEARD,
  ]
  const say = vi.fn(async () => answers.shift() ?? expect.fail())
  const info = vi.fn()
  const { beaten } = otherAddress({ other: () => '45.66.1.1', say, log: { info } })
  for (let beats = 0; beats < 4; beats += 1) await beaten()
  expect([say.mock.calls.length, info.mock.calls.length]).toEqual([3, 1])
  expect(info.mock.calls[0]).toMatchObject([
    'viewers are not sent to the other address',
    { address: '45.66.1.1' },
  ])
})

test('while it is being said a heartbeat does not say it twice', async () => {
  const slow = Promise.withResolvers<Answer<unknown>>()
  const say = vi.fn(() => slow.promise)
  const { beaten } = otherAddress({ other: () => '45.66.1.1', say, log: { info: () => {} } })
  const first = beaten()
  await beaten()
  slow.resolve(HEARD)
  await first
  expect(say).toHaveBeenCalledTimes(1)
})

test('a control plane that knows no such question is asked again as seldom as it would be told', async () => {
  let at = 0
  const say = vi.fn(async (): Promise<Answer<unknown>> => ({ kind: 'refused', code: 'not-found' }))
  const info = vi.fn()
  const { beaten } = otherAddress({ other: () => '45.66.1.1', say, log: { info }, now: () => at })
  for (let beats = 0; beats < 3; beats += 1) await beaten()
  expect([say.mock.calls.length, info.mock.calls.length]).toEqual([1, 0])
  at += OTHER_ADDRESS.everySeconds * 1000
  await beaten()
  expect(say).toHaveBeenCalledTimes(2)
})
