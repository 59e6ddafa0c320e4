import type { ConfigurationReport } from '@sixcast/shared/contract/configuration.ts'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { expect, test } from 'vitest'
import type { KeptConfiguration } from './configuration-file.ts'
import { heldConfiguration } from './held-configuration.ts'
import { keepConfiguration } from './keep-configuration.ts'
import { mediaLimits } from './media-limits.ts'

test('an agent that dies again and again with a version is back with the one before at its third start', async () => {
  const disk = newDisk()
  const node = newNode(disk)
  await node.wanted(2, { mostViewers: 1 })
  expect(disk.kept).toMatchObject({ good: { version: 0 }, trial: { version: 2, starts: 0 } })
  for (const starts of [1, 2]) {
    newNode(disk)
    expect(disk.kept?.trial?.starts).toBe(starts)
  }
  const last = newNode(disk)
  expect(last.keeper.version()).toBe(0)
  await last.beat(2)
  expect(last.reports).toEqual([
    expect.objectContaining({
      state: 'returned',
      inForce: 0,
      cause: 'the agent has started 3 times with it',
    }),
  ])
  await last.wanted(2, { mostViewers: 1 })
  expect(last.keeper.onTrial()).toBe(false)
})

test.each([
  ['knows nothing of limits', 'unknown', 'unsupported'],
  ['is silent', 'silent', 'applied'],
  ['holds to them', 'taken', 'applied'],
] as const)('media that %s is spoken of so', async (_, takes, outcome) => {
  const node = newNode(newDisk(), { takes })
  await node.wanted(1, { mostStreams: 1 })
  await node.beat(1)
  expect(node.reports[0]?.steps).toMatchObject([{ setting: 'mostStreams', outcome }])
})

test('the control plane’s address moves when it is wanted, and back when that broke the node', async () => {
  const node = newNode(newDisk())
  await node.wanted(1, { controlPlaneUrl: 'https://new.example' })
  expect(node.addresses).toEqual(['https://new.example'])
  node.clock.now += 90_000
  await node.keeper.tick()
  expect(node.addresses).toEqual(['https://new.example', undefined])
})

test('a report that was not heard is told again, once', async () => {
  const node = newNode(newDisk())
  await node.wanted(1, { mostViewers: 1 })
  node.cloud.deaf = true
  await node.beat(1)
  node.cloud.deaf = false
  for (const _ of [1, 2]) await node.beat(1)
  expect(node.reports.map(({ state }) => state)).toEqual(['trial', 'trial'])
})

test('another release judges the same version anew', () => {
  const disk = newDisk({ good: { version: 5, settings: { mostStreams: 2 } }, release: 'older' })
  const node = newNode(disk)
  expect([node.keeper.version(), node.keeper.limits()]).toEqual([0, { mostStreams: 2 }])
})

test('what one fleet wanted is nothing to the next', () => {
  const node = newNode(newDisk({ good: { version: 5, settings: { mostStreams: 2 } } }))
  node.held.belongsTo('another')
  expect([node.keeper.version(), node.keeper.limits()]).toEqual([0, {}])
})

test('media is heard when it takes the limits, or waited for in vain', async () => {
  const media = mediaLimits({ withinMs: 30 })
  const taken = media.taken({ mostStreams: 2 })
  for (const limits of [{}, { mostStreams: 2 }]) await Promise.resolve(media.heard(limits))
  const outcomes = [await taken, await media.taken({})]
  const old = media.taken({})
  media.heard(undefined)
  expect([...outcomes, await old]).toEqual(['taken', 'silent', 'unknown'])
})

function newDisk(kept?: Partial<KeptConfiguration>) {
  const disk = {
    kept:
      kept &&
      ({ fleet: 'ours', release: '1', good: { version: 0, settings: {} }, ...kept } as KeptConfiguration),
    read: () => disk.kept,
    keep(next: KeptConfiguration) {
      disk.kept = structuredClone(next)
    },
  }
  return disk
}

function newNode(
  disk: ReturnType<typeof newDisk>,
  { takes = 'taken' }: { takes?: 'taken' | 'unknown' | 'silent' } = {},
) {
  const clock = { now: 0 }
  const reports: ConfigurationReport[] = []
  const addresses: (string | undefined)[] = []
  const held = heldConfiguration({ file: disk, release: '1', now: () => clock.now })
  held.belongsTo('ours')
  const controlPlaneUrl = () => held.settings().controlPlaneUrl as string | undefined
  const cloud = { deaf: false, document: { version: 0, settings: {} as Record<string, unknown> } }
  const node = {
    ...{ held, clock, reports, addresses },
    cloud,
    keeper: keepConfiguration({
      held,
      cloud: {
        fetch: async () => ({ kind: 'accepted', body: cloud.document }),
        async report(told) {
          reports.push(told)
          return cloud.deaf ? { kind: 'away', cause: 'deaf' } : { kind: 'accepted', body: {} }
        },
      },
      mediaTakes: async () => takes,
      objectionTo: async () => undefined,
      moved: async () => void addresses.push(controlPlaneUrl()),
      well: async () => true,
      beatNow: () => {},
      report: (error) => {
        throw error
      },
      log: createLog('test', () => {}),
    }),
    async beat(newest: number) {
      node.keeper.heard(newest)
      await new Promise((resolve) => setImmediate(resolve))
    },
    async wanted(version: number, settings: Record<string, unknown>) {
      cloud.document = { version, settings }
      await node.beat(version)
    },
  }
  return node
}
