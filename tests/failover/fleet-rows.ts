import { placeOfHost } from '../../provisioning/lab/topology.ts'
import type { Verdict } from '../../shared/contract/verdict.ts'
import { sleep } from '../../shared/runtime/repeat.ts'
import { eventually } from '../system/eventually.ts'
import { MIRROR, ORIGIN } from './ask-lab.ts'
import type { Row } from './rows.ts'
import type { Stage } from './stage.ts'
import { newAddress } from './viewer-rows.ts'

/** What the control plane finds out, and what it says of it. */
export const fleetRows: Row[] = [
  {
    name: 'two nodes of three fail, then the third’s prober path',
    needsMirror: false,
    run: holdFreeze,
  },
  {
    name: 'inbound filter put up',
    needsMirror: false,
    async run(stage) {
      const at = Date.now()
      await stage.does(`filter ${ORIGIN}`)
      const seconds = await stage.becomes(ORIGIN, ['unreachable', 'offline'], at)
      return {
        measured: [{ what: 'unreachable after', seconds, most: 45 }],
        outcomes: await filtered(stage),
      }
    },
  },
  {
    name: 'inbound filter put up, a viewer tells',
    needsMirror: false,
    async run(stage) {
      const status = await stage.curl('/beacon', '-o /dev/null -w %{http_code} -d {}')
      if (status === '404') return nothing('this control plane hears no beacons')
      const audience = await stage.gather(`node-${ORIGIN}`)
      if (!audience) return nothing(`no viewer is sent to node ${ORIGIN}`)
      const at = Date.now()
      await stage.does(`blackhole ${ORIGIN} inbound`)
      const seconds = await stage.becomes(ORIGIN, ['unreachable', 'offline'], at)
      return {
        measured: [{ what: 'unreachable after', seconds, most: 10 }],
        outcomes: await filtered(stage),
      }
    },
  },
  {
    name: 'old address answers for somebody else: the node has moved',
    needsMirror: false,
    run: leaveOldAddress,
  },
  {
    name: 'present address answers for somebody else',
    needsMirror: false,
    run: findImpostor,
  },
]

/** Alive all the while, and told why nobody gets in. */
async function filtered(stage: Stage) {
  const is = await stage.standing(ORIGIN)
  const verdict = (await stage.does(`verdict ${ORIGIN}`)) as Verdict
  const probe = verdict.steps.find(({ step }) => step === 'probe')
  return [
    { what: 'unreachable, not offline', is: is === 'unreachable' },
    { what: 'the verdict names the router', is: /router or firewall/.test(probe?.cause ?? '') },
    { what: 'and what to open in it', is: /open TCP \d+ to/.test(probe?.remedy ?? '') },
  ]
}

async function holdFreeze(stage: Stage) {
  if (stage.nodes < 3) return nothing('it takes three nodes')
  for (const n of [1, 2, 3]) await stage.becomes(n, ['healthy'], Date.now())
  for (const n of [MIRROR, 3]) await stage.does(`blackhole ${n}`)
  for (const n of [MIRROR, 3]) await stage.becomes(n, ['unreachable', 'offline'], Date.now())
  const at = Date.now()
  await stage.does('blind')
  const sentence = /have failed|cannot probe|unable to probe/
  const said = await eventually(async () => {
    if (!sentence.test(await stage.says('console'))) throw new Error('the console says nothing')
  }, 60_000).catch(() => undefined)
  await sleep(Math.max(0, at + FALLEN_BY_MS - Date.now()))
  const standing = await stage.standing(ORIGIN)
  const ways = await stage.pathways()
  return {
    measured: [],
    outcomes: [
      {
        what: `the console says so after ${((said?.afterMs ?? 0) / 1000).toFixed(1)} s`,
        is: said !== undefined,
      },
      { what: `the third is ${standing}, not fallen`, is: ['healthy', 'suspect'].includes(standing) },
      {
        what: `viewers are sent to it still, the ways are ${ways.join(', ') || 'none'}`,
        is: ways.some((host) => placeOfHost(host) === `node-${ORIGIN}`),
      },
    ],
  }
}

/** Without the guard it would have fallen by then. */
const FALLEN_BY_MS = 35_000

async function leaveOldAddress(stage: Stage) {
  const [old = ''] = await stage.pathways()
  const told = stage.locations()
  try {
    const at = Date.now()
    const address = newAddress(await stage.says(`renumber ${ORIGIN} flash`))
    await stage.does(`impostor ${ORIGIN}`)
    const registered = await eventually(async () => {
      const found = told.firstAt((line) => line.startsWith(`http://[${address}]`), at)
      if (found === undefined) throw new Error('not registered')
      return found
    }).catch(() => undefined)
    await sleep(10_000)
    const since = (registered?.found ?? at) + 1000 // what had been asked before is answered by then
    const again = told.firstAt((line) => line.includes(old), since)
    return {
      measured: [
        {
          what: 'sent to the new one after',
          seconds: ((registered?.found ?? Number.NaN) - at) / 1000,
          most: 8,
        },
      ],
      outcomes: [{ what: 'nobody is sent to the old one any more', is: again === undefined }],
    }
  } finally {
    told.stop()
    await stage.does('heal')
    await stage.does(`renumber ${ORIGIN} gone`)
  }
}

async function findImpostor(stage: Stage) {
  const [host = ''] = await stage.pathways()
  await stage.does(`cut ${ORIGIN}`) // or its next beat would show that its line is dead
  const at = Date.now()
  await stage.does(`impostor ${ORIGIN}`)
  const seconds = await stage.becomes(ORIGIN, ['suspect', 'unreachable', 'offline'], at)
  const { steps } = (await stage.does(`verdict ${ORIGIN}`)) as Verdict
  const cause = steps.find(({ step }) => step === 'probe')?.cause ?? ''
  const left = await eventually(async () => {
    if ((await stage.pathways().catch((): string[] => [])).includes(host))
      throw new Error('players are sent there')
  }).catch(() => undefined)
  return {
    measured: [{ what: 'the probe fails after', seconds, most: 45 }],
    outcomes: [
      { what: 'with that cause', is: cause.startsWith('Something else than this node answers') },
      { what: 'nobody is sent there', is: left !== undefined },
    ],
  }
}

const nothing = (skipped: string) => ({ skipped, measured: [], outcomes: [] })
