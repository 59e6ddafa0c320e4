import { writeFileSync } from 'node:fs'
import { sleep } from '../../shared/runtime/repeat.ts'
import { Refusal } from '../launcher/refusal.ts'
import type { Guest } from './guests.ts'
import { inviteGuests } from './invite-guests.ts'
import { type Renumbering, renumbered, renumberScript, routerConfig, type SitePrefixes } from './prefixes.ts'
import { runCommand } from './run-command.ts'
import { hasIpv6, hasProviderPrefix, homeRules, SITE_WORDS, type SiteKind } from './sites.ts'
import { networkScript, nodeName, nodeNumbers } from './topology.ts'
import { lineSpeedScript, NODE_PORTS, type Trouble, troubleRules, withTrouble } from './troubles.ts'

export type LabNetwork = Awaited<ReturnType<typeof buildNetwork>>

type Dependencies = {
  /** Where nodes stand, the first for node 1. */
  kinds: SiteKind[]
  env: Record<string, string>
  routerFile: string
  /** Has the routers read their file again. */
  announce: () => void
}

/** The lines of the lab, and what is wrong with them. It must run in a network namespace that nobody else uses. */
export async function buildNetwork({ kinds, env, routerFile, announce }: Dependencies) {
  const nodes = kinds.length
  let troubles: Trouble[] = []
  let sites: SitePrefixes[] = kinds.map((kind) => ({ kind, present: 0 }))

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

  const guests = inviteGuests(shell)
  const writeRouters = () => writeFileSync(routerFile, routerConfig(sites), { mode: 0o600 })

  async function renumber(n: number, how: Renumbering) {
    if (guests.isThere('impostor', n))
      throw new Refusal(`Somebody else has a prefix of site ${n} now: heal first.`)
    mustHavePrefix(n)
    const before = siteOf(n)
    const after = renumbered(before, how)
    if (!after) throw new Refusal(`Site ${n} has no former prefix that could go.`)
    await shell(renumberScript(n, before, after))
    sites = sites.with(n - 1, after)
    writeRouters()
    announce()
  }

  const siteOf = (n: number): SitePrefixes => sites[n - 1] ?? { present: 0 }

  function mustHavePrefix(n: number) {
    const { kind = 'own' } = siteOf(n)
    if (!hasProviderPrefix(kind))
      throw new Refusal(`Site ${n} has no prefix of a provider: ${SITE_WORDS[kind]}.`)
  }

  await shell(networkScript(kinds))
  await succeed(['nft', '-f', '-'], homeRules(kinds, NODE_PORTS))
  writeRouters()
  await setTroubles([])
  return {
    add: (trouble: Trouble) => setTroubles(withTrouble(troubles, trouble)),
    heal: () => setTroubles([]),
    guests,
    invite(guest: Guest, n: number) {
      if (guest === 'impostor') mustHavePrefix(n)
      return guests.invite({ guest, n, site: siteOf(n) })
    },
    renumber,
    troubles: () => troubles,
    site: siteOf,
  }
}

/** Resolves when every node that is to have IPv6 has the address that its router has told it. */
export async function nodesHaveAddresses(
  kinds: SiteKind[],
  env: Record<string, string>,
  patienceMs = 15_000,
) {
  const giveUpAt = Date.now() + patienceMs
  const six = nodeNumbers(kinds.length).filter((n) => hasIpv6(kinds[n - 1] ?? 'own'))
  for (const name of six.map(nodeName)) {
    const look = `ip -n ${name} -6 address show dev eth0 scope global -tentative`.split(' ')
    while (!(await runCommand(look, { env })).said.includes('inet6')) {
      if (Date.now() > giveUpAt) throw new Refusal(`${name} hears of no prefix: do the routers run?`)
      await sleep(100)
    }
  }
}
