import { writeFileSync } from 'node:fs'
import { sleep } from '../../shared/runtime/repeat.ts'
import { Refusal } from '../launcher/refusal.ts'
import {
  cloneAddress,
  cloneScript,
  type Guest,
  goneScript,
  impostorScript,
  takenGeneration,
} from './guests.ts'
import { type Renumbering, renumbered, renumberScript, routerConfig, type SitePrefixes } from './prefixes.ts'
import { runCommand } from './run-command.ts'
import { networkScript, nodeAddress, nodeName, nodeNumbers } from './topology.ts'
import { lineSpeedScript, type Trouble, troubleRules, withTrouble } from './troubles.ts'

export type LabNetwork = Awaited<ReturnType<typeof buildNetwork>>

type Dependencies = {
  nodes: number
  env: Record<string, string>
  routerFile: string
  /** Has the routers read their file again. */
  announce: () => void
}

/** The lines of the lab, and what is wrong with them. It must run in a network namespace that nobody else uses. */
export async function buildNetwork({ nodes, env, routerFile, announce }: Dependencies) {
  let troubles: Trouble[] = []
  const guests = new Map<string, { guest: Guest; n: number; site: SitePrefixes }>()
  let sites: SitePrefixes[] = nodeNumbers(nodes).map(() => ({ present: 0 }))

  const shell = (script: string) => succeed(['sh', '-euc', script])

  async function succeed(command: string[], input = '') {
    const { code, said } = await runCommand(command, { env, input })
    if (code !== 0) throw new Refusal(`The kernel refused a change of the network: ${said}`)
  }

  async function setTroubles(wanted: Trouble[]) {
    await succeed(['nft', '-f', '-'], troubleRules(wanted))
    troubles = wanted
    await shell(lineSpeedScript(troubles, nodes))
  }

  const writeRouters = () => writeFileSync(routerFile, routerConfig(sites), { mode: 0o600 })

  async function renumber(n: number, how: Renumbering) {
    if (guests.has(`impostor${n}`))
      throw new Refusal(`Somebody else has a prefix of site ${n} now: heal first.`)
    const before = siteOf(n)
    const after = renumbered(before, how)
    if (!after) throw new Refusal(`Site ${n} has no former prefix that could go.`)
    await shell(renumberScript(n, before, after))
    sites = sites.with(n - 1, after)
    writeRouters()
    announce()
  }

  const siteOf = (n: number) => sites[n - 1] ?? { present: 0 }

  /** Has the place of a guest made, and says which address he has got. */
  async function invite(guest: Guest, n: number): Promise<string> {
    const site = siteOf(n)
    if (guests.has(guest + n)) throw new Refusal(`There is one of node ${n} already. heal ends it.`)
    await shell(guest === 'clone' ? cloneScript(n) : impostorScript(n, site))
    guests.set(guest + n, { guest, n, site })
    return guest === 'clone' ? cloneAddress(n) : nodeAddress(n, takenGeneration(site))
  }

  async function sendAway() {
    for (const [name, { guest, n, site }] of guests) {
      await shell(goneScript(guest, n, site))
      guests.delete(name)
    }
  }

  await shell(networkScript(nodes))
  writeRouters()
  await setTroubles([])
  return {
    add: (trouble: Trouble) => setTroubles(withTrouble(troubles, trouble)),
    heal: () => setTroubles([]),
    invite,
    sendAway,
    guests: () => [...guests.values()],
    renumber,
    troubles: () => troubles,
    site: siteOf,
    /** Resolves when every node has the address that its router has told it. */
    async nodesHaveAddresses(patienceMs = 15_000) {
      const giveUpAt = Date.now() + patienceMs
      for (const name of nodeNumbers(nodes).map(nodeName)) {
        const look = `ip -n ${name} -6 address show dev eth0 scope global -tentative`.split(' ')
        while (!(await runCommand(look, { env })).said.includes('inet6')) {
          if (Date.now() > giveUpAt) throw new Refusal(`${name} hears of no prefix: do the routers run?`)
          await sleep(100)
        }
      }
    },
  }
}
