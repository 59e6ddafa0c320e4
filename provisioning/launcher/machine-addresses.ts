import { networkInterfaces } from 'node:os'

export type MachineAddresses = { hasIpv6Loopback: boolean; lan: string[] }

/** What this machine can be reached by. Link-local addresses need a zone in every URL, so they are left out. */
export function machineAddresses(): MachineAddresses {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  return {
    hasIpv6Loopback: all.some(({ address }) => address === '::1'),
    lan: all
      .filter(({ internal, address }) => !internal && !/^fe80:/i.test(address))
      .map(({ address }) => address),
  }
}
