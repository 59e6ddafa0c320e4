import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test as plainTest } from 'vitest'
import type { Watcher } from '../../provisioning/lab/audience.ts'
import { ownWorldsWork } from '../../provisioning/lab/own-world.ts'
import { stageIn } from '../failover/stage.ts'
import { launchLab, startTestLab, type TestLab } from '../setup/start-test-lab.ts'
import { eventually } from './eventually.ts'

const labsWork = ownWorldsWork(process.env)
const test = plainTest.runIf(labsWork)
let lab: TestLab
/** Where programs put what is temporary. */
const temporary = mkdtempSync(join(tmpdir(), 'lab-'))
const env = { TMPDIR: temporary }
const network = networkOfMachine()

beforeAll(async () => {
  if (labsWork) lab = await startTestLab({ nodes: 2, env })
})
afterAll(async () => await lab?.stop())

test('both nodes are alive and reachable at the global addresses that their routers gave them', async () => {
  for (const n of [1, 2]) {
    expect(await lab.does(`await ${n} reachable`)).toMatchObject({
      data: { claimed: `2a10:0:${n}::80`, alive: { is: true }, reachable: [{ family: 6, is: true }] },
    })
  }
})

test('the network of the machine stays as it is', () => expect(networkOfMachine()).toEqual(network))

test('a viewer with IPv6 plays straight from the node, one with IPv4 only through the relay', async () => {
  await lab.does('publish 1')
  const six = await lab.does('play 6 1')
  expect(six.data).toMatchObject({
    listed: true,
    way: 'node',
    segment: expect.stringMatching(/^http:\/\/\[2a10:0:1::80\]:8084\/camera-1\//),
    tried: [],
  })
  const four = await lab.does('play 4 1')
  expect(four.data).toMatchObject({
    listed: true,
    way: 'relay',
    segment: expect.stringMatching(/^http:\/\/45\.66\.0\.1:8080\/camera-1\//),
    tried: [],
  })
  await lab.does(`in viewer-4 ffmpeg -loglevel error -i ${playlistOf(four.data)} -t 1 -f null -`)
})

test('a viewer who watches in a real browser follows a prefix that is replaced, and so does whoever comes then', async () => {
  await lab.does('leave')
  const watcher = (await lab.does('watch 6 1')).data as Watcher
  const [address = ''] = /2a10:\d+:1::80/.exec((await lab.does('renumber 1 planned')).said) ?? []
  await eventually(async () =>
    expect(await lab.does('await 1 reachable')).toMatchObject({ data: { claimed: address } }),
  )
  expect(await lab.does('play 6 1')).toMatchObject({
    data: { way: 'node', segment: expect.stringContaining(`[${address}]`) },
  })
  await eventually(() => playsFrom(watcher, `[${address}]`), 60_000)
  await lab.does('renumber 1 gone')
  await eventually(() => playsFrom(watcher, `[${address}]`))
  await lab.does('leave')
})

test.for(['kill 2', 'blackhole 2'])(
  'a viewer whose mirror is lost by %s plays on from the other node',
  async (deed) => {
    const stage = stageIn(lab, 2)
    expect(await stage.lacksMirror()).toBeUndefined()
    await stage.settled(2)
    await lab.does('leave')
    const watcher = await stage.watchAt('node-2', '')
    if (!watcher) return expect.fail('no viewer is sent to the mirror')
    await lab.does(deed)
    await eventually(() => playsFrom(watcher, ':1::80]'), 60_000)
    await lab.does('leave')
    await lab.does('heal')
  },
)

test('a node whose viewers are kept out is unreachable but alive, and found again when it is healed', async () => {
  await lab.does('blackhole 1 inbound')
  expect(await lab.does('await 1 unreachable')).toMatchObject({ data: { alive: { is: true } } })
  const { data, said } = await lab.does('status')
  expect(said).toMatch(/╳ {2}node-1 .* alive, unreachable over IPv6/)
  expect(data).toMatchObject({ listed: expect.arrayContaining([expect.objectContaining(WHOLE)]) })
  expect((await lab.does('heal')).said).not.toContain('╳')
  await lab.does('await 1 reachable')
})

test('what nobody can do is refused in a sentence, and the lab goes on', async () => {
  await expect(lab.does('kill 3')).rejects.toThrow('There are 1 to 2')
  await expect(lab.does('renumber 2 gone')).rejects.toThrow('no former prefix')
  expect(await lab.does('status')).toMatchObject({ is: 'done' })
})

test('a lab that is killed leaves no process, no namespace and no file behind', async () => {
  for (const verb of ['watch 6 1', 'impostor 2']) await lab.does(verb) // a browser is many processes
  const pids = processesOf(lab.world())
  expect(pids.length).toBeGreaterThan(15)
  lab.child.stdin.write('wait 60\n') // it must not have to hear of it
  lab.child.kill('SIGKILL')
  await eventually(async () => expect(pids.filter(isThere)).toEqual([]), 5000)
  expect(await lab.ended).toMatchObject({ signal: 'SIGKILL' })
  expect(leftThings()).toEqual([])
})

test('Ctrl-C ends it, at its beginning too', async () => {
  const starting = launchLab([], env)
  await eventually(async () => expect(processesOf(starting.world()).length).toBeGreaterThan(5))
  const pids = processesOf(starting.world())
  process.kill(-(starting.child.pid ?? 0), 'SIGINT')
  expect(await starting.ended).toMatchObject({ code: 0 })
  await eventually(async () => expect(pids.filter(isThere)).toEqual([]), 5000)
  expect(leftThings()).toEqual([])
})

/** The other node, which nothing was done to. */
const WHOLE = { name: 'node-2', reachable: [expect.objectContaining({ family: 6, is: true })] }

/** From there, and the picture moves. */
async function playsFrom({ number }: Watcher, host: string) {
  const seen = (await lab.does('seen')).data as Watcher[]
  const { sources = [], last } = seen.find((each) => each.number === number) ?? {}
  expect(sources.at(-1)?.host).toContain(host)
  expect(last?.at, 'a fresh picture').toBeLessThan((last?.shownAt ?? 0) + 1000)
}

const playlistOf = (seen: unknown) => (seen as { playlist: string }).playlist

/** All that live in the world of this process. */
function processesOf(world: number | undefined): number[] {
  const namespace = world && worldOf(world)
  if (!namespace || namespace === worldOf(process.pid)) return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => worldOf(pid) === namespace)
}

function worldOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`)
  } catch {
    return undefined // it has just ended, or is not ours
  }
}

const isThere = (pid: number) => worldOf(pid) !== undefined

function networkOfMachine() {
  const forwarding = readFileSync('/proc/sys/net/ipv6/conf/all/forwarding', 'utf8')
  const rules = spawnSync('/usr/sbin/nft', ['list', 'ruleset'], { encoding: 'utf8' }).stdout
  return { forwarding, rules, interfaces: networkInterfaces() }
}

/** Files of a lab on the machine itself, where nobody but this test can have put them. */
function leftThings() {
  const names = ['/dev/shm/lab', '/run/netns/cloud', '/run/netns/viewer-6'].filter(existsSync)
  return [...names, ...readdirSync(temporary)]
}
