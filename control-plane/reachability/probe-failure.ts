import { familyOf, urlHost } from '../addresses/addresses.ts'

/** Why a probe did not find a node. Kept as it is spelt here. */
export const PROBE_FAILURES = [
  'not-allowed',
  'silent',
  'hangs',
  'refused',
  'no-way',
  'somebody-else',
  'moved',
  'agent-away',
  'broken',
] as const
export type ProbeFailure = (typeof PROBE_FAILURES)[number]

type Door = { address: string; port: number }
type Words = {
  /** What is wrong. */
  cause: (door: Door) => string
  /** What to do about it. */
  remedy: (door: Door) => string
}

export const probeCause = (failure: ProbeFailure, door: Door) => WORDS[failure].cause(door)
export const probeRemedy = (failure: ProbeFailure, door: Door) => WORDS[failure].remedy(door)

/**
 * A failed connection, by the code of its error. Absent: the prober itself could not ask, and that says nothing about the node.
 * ENETUNREACH is of both kinds: `hasWay` tells whether this machine itself knows a way there.
 */
export function failureOf(code: string, { connected, hasWay }: { connected: boolean; hasWay: boolean }) {
  if (OWN_TROUBLES.has(code) || (code === 'ENETUNREACH' && !hasWay)) return undefined
  return TROUBLES.get(code) ?? (connected ? 'broken' : 'silent')
}

/** No descriptor, no port, no memory, or a firewall of its own. */
const OWN_TROUBLES = new Set([
  'EMFILE',
  'ENFILE',
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
  'ENOBUFS',
  'ENOMEM',
  'EPERM',
])

const TROUBLES = new Map<string, ProbeFailure>([
  ['ECONNREFUSED', 'refused'],
  ['EACCES', 'refused'], // a router said that this is forbidden
  ['EHOSTUNREACH', 'no-way'],
  ['ENETUNREACH', 'no-way'],
  ['ECONNRESET', 'broken'],
])

/** As opened in the router of a home or an office. */
const openPort = ({ address, port }: Door) =>
  familyOf(address) === 6
    ? `open TCP ${port} to ${urlHost(address)} in its firewall`
    : `forward TCP ${port} of ${address} to this node`

const WORDS: Record<ProbeFailure, Words> = {
  'not-allowed': {
    cause: () => 'The address or the port is not one that is probed.',
    remedy: () =>
      'The node must claim a public address of its own, and serve viewers on one of the fleet’s ports.',
  },
  silent: {
    cause: ({ address, port }) =>
      `No connection within three seconds: a router or firewall drops inbound IPv${familyOf(address)} to port ${port}.`,
    remedy: (door) => `In the router in front of the node, ${openPort(door)}.`,
  },
  hangs: {
    cause: ({ port }) => `It takes connections to port ${port}, but gives no answer within three seconds.`,
    remedy: () => 'See whether the node’s web server and agent run, and whether its line is full.',
  },
  refused: {
    cause: ({ port }) =>
      `The connection to port ${port} was refused: nothing listens there, or a firewall turns everybody away.`,
    remedy: (door) => `See whether the node’s web server runs; if it does, ${openPort(door)}.`,
  },
  'no-way': {
    cause: () => 'The network says that there is no way to this address.',
    remedy: () =>
      'See whether the node’s line is up and its address is still the one that its provider gave it.',
  },
  'somebody-else': {
    cause: () => 'Something else than this node answers at this address.',
    remedy: ({ port }) =>
      `See who has the address now: another machine, or the router itself, takes port ${port} for its own.`,
  },
  moved: {
    cause: () => 'The node says that it is not at this address any more.',
    remedy: () => 'Its next heartbeat names the new one; if this stays, see which address it claims.',
  },
  'agent-away': {
    cause: ({ port }) => `Its web server answers at port ${port}, but the agent behind it does not.`,
    remedy: () => 'See whether the agent runs on the node.',
  },
  broken: {
    cause: () => 'The connection broke off, or brought no answer that a node gives.',
    remedy: ({ port }) => `See whether the node’s own web server is what listens at port ${port}.`,
  },
}
