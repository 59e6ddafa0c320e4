import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { Verdict } from '@sixcast/shared/contract/verdict.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { eventually } from './eventually.ts'
import { publish } from './start-test-encoder.ts'
import { type Fleet, startFleet } from './start-test-fleet.ts'

let fleet: Fleet
let id: string
const startedAt = Date.now()

beforeAll(async () => {
  fleet = await startFleet(['--no-demo'])
  id = (await fleet.operate('node', 'list')).nodes[0].id
})
afterAll(async () => await fleet?.remove())

const verdict = async () => Verdict.parse(await fleet.operate('node', 'verdict', id))
const stepOf = ({ steps }: Verdict, name: string) => steps.find(({ step }) => step === name)

test('an installer knows within a minute that viewers outside will reach the node', async () => {
  const { found } = await eventually(async () => {
    const now = await verdict()
    expect(now.is).toBe('passed')
    return now
  })
  expect(Date.now() - startedAt).toBeLessThan(60_000)
  expect(stepOf(found, 'probe')).toMatchObject({ is: 'passed', family: 4 })
  expect(stepOf(found, 'upload')).toMatchObject({
    is: 'passed',
    found: expect.stringMatching(/Mbit.s: about/),
  })
  expect(stepOf(found, 'segment')).toMatchObject({ is: 'skipped' })
  const { stdout, stderr } = await inTheNodesTerminal()
  expect(stdout).toMatch(/^Viewers outside reach .*\n {2}passed +probe over IPv4 +It answers/s)
  const [link = ''] = stderr.match(/http:\S+\/verdict\/[\w-]+/) ?? []
  expect(await (await fetch(link)).text(), 'on a phone').toMatch(/<h1>Viewers outside reach /)
})

test('once something is live, a real segment of it is fetched', async () => {
  const encoder = publish('rtmp://127.0.0.1:1935/stream/golive')
  try {
    const { found } = await eventually(async () => {
      const segment = stepOf(await verdict(), 'segment')
      expect(segment?.is).toBe('passed')
      return segment
    }, 60_000)
    expect(found?.found).toMatch(/^One of golive came: \d+ KB in \d+ ms\.$/)
    expect((await standing())?.state).toMatch(/healthy|pending/)
  } finally {
    await encoder.stop()
  }
})

const standing = async () => (await fleet.operate('node', 'list')).nodes[0].standings[0]

async function inTheNodesTerminal() {
  const environment = readFileSync(`/proc/${fleet.pid('node-1-agent')}/environ`, 'utf8').split('\0')
  const RUNTIME_DIRECTORY = environment.find((line) => line.startsWith('RUNTIME_DIRECTORY='))?.split('=')[1]
  const command = ['appliance/agent/cli.ts', 'verdict']
  return promisify(execFile)(process.execPath, command, { env: { RUNTIME_DIRECTORY } })
}
