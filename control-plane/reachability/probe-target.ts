import { BlockList } from 'node:net'
import { familyOf } from './addresses.ts'

type ProbeTarget = { allowed: true } | { allowed: false; cause: string }

type Question = {
  claimed: string
  /** Where the last heartbeat came from. */
  source: string
  port: number
  rules: ProbeRules
}
export type ProbeRules = {
  ports: number[]
  /** Only while the control plane itself is bound to loopback: a whole fleet on one machine. */
  loopback: boolean
}

/** May a prober knock there? Only at the door of whoever asked for it, on the public Internet: it must not become a weapon. */
export function probeTarget({ claimed, source, port, rules }: Question): ProbeTarget {
  if (!rules.ports.includes(port)) return refused(`Port ${port} is not one that viewers use.`)
  if (claimed !== source)
    return refused(`The heartbeat came from ${source}, not from the claimed address ${claimed}.`)
  if (isIn(LOOPBACK, claimed)) return rules.loopback ? { allowed: true } : refused(`${claimed} is loopback.`)
  if (isPublic(claimed)) return { allowed: true }
  return refused(`${claimed} is not a public address: viewers outside cannot reach it.`)
}

const refused = (cause: string): ProbeTarget => ({ allowed: false, cause })

function isPublic(address: string): boolean {
  if (familyOf(address) === 4) return !isIn(SPECIAL, address)
  return isIn(GLOBAL, address) && !isIn(SPECIAL, address)
}

const isIn = (list: BlockList, address: string) =>
  list.check(address, familyOf(address) === 6 ? 'ipv6' : 'ipv4')

const LOOPBACK = networks('127.0.0.0/8', '::1/128')
const GLOBAL = networks('2000::/3')

/** Everything the registries set aside (RFC 6890 and successors), and the tunnels that are no address of their own. */
const SPECIAL = networks(
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/3',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
)

function networks(...ranges: string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [network = '', prefix] = range.split('/')
    list.addSubnet(network, Number(prefix), network.includes(':') ? 'ipv6' : 'ipv4')
  }
  return list
}
