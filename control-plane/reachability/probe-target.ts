import { isLoopbackAddress, isPublicAddress } from '@sixcast/shared/contract/special-networks.ts'

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
  if (isLoopbackAddress(claimed))
    return rules.loopback ? { allowed: true } : refused(`${claimed} is loopback.`)
  if (isPublicAddress(claimed)) return { allowed: true }
  return refused(`${claimed} is not a public address: viewers outside cannot reach it.`)
}

const refused = (cause: string): ProbeTarget => ({ allowed: false, cause })
