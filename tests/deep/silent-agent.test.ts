import { Verdict } from '@sixcast/shared/contract/verdict.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from '../system/eventually.ts'
import { type Fleet, startFleet } from '../system/start-test-fleet.ts'

let fleet: Fleet
let id: string

beforeAll(async () => {
  fleet = await startFleet(['--no-demo'])
  id = (await fleet.operate('node', 'list')).nodes[0].id
})
afterAll(async () => await fleet?.remove())

test('a node that stops answering is named with the cause, in time', async () => {
  await eventually(async () => expect((await standing())?.state).toBe('healthy'), 30_000)
  const agent = fleet.pid('node-1-agent')
  process.kill(agent, 'SIGSTOP')
  try {
    const { found } = await eventually(async () => {
      const probe = stepOf(await verdict(), 'probe')
      expect(probe?.cause).toContain('gives no answer within three seconds')
      return probe
    })
    expect(found?.is, 'one miss is a suspicion').toMatch(/waiting|failed/)
    await eventually(async () => expect((await standing())?.state).toMatch(/unreachable|offline/), 45_000)
    expect((await verdict()).is).toBe('failed')
  } finally {
    process.kill(agent, 'SIGCONT')
  }
  await eventually(async () => expect((await standing())?.state).toBe('healthy'), 60_000)
})

const verdict = async () => Verdict.parse(await fleet.operate('node', 'verdict', id))
const stepOf = ({ steps }: Verdict, name: string) => steps.find(({ step }) => step === name)
const standing = async () => (await fleet.operate('node', 'list')).nodes[0].standings[0]
