import type { AlertDesk } from './alerts/alert-desk.ts'
import { type ChannelDesk, shownTarget } from './alerts/channel-desk.ts'
import { presentActor } from './audit/actor.ts'
import type { Recorded } from './audit/audit-trail.ts'
import { audited } from './audit/audited.ts'
import type { Commands } from './commands/commands.ts'
import type { Configurations } from './configuration/configurations.ts'
import type { Enrolment } from './enrolment/enrolment.ts'
import type { MirrorDesk } from './mirrors/mirror-desk.ts'
import type { FleetRegister } from './nodes/fleet-register.ts'
import type { ApiTokens } from './operators/api-tokens.ts'
import type { OperatorAccounts } from './operators/operator-accounts.ts'
import type { PullDesk } from './pulling/pull-desk.ts'
import type { StreamCatalog } from './streams/stream-catalog.ts'
import type { StreamPosters } from './streams/stream-posters.ts'
import type { VerdictLinks } from './verdict/verdict-links.ts'

type Rooms = {
  accounts: OperatorAccounts
  apiTokens: ApiTokens
  fleetRegister: FleetRegister
  enrolment: Enrolment
  streamCatalog: StreamCatalog
  streamPosters: StreamPosters
  mirrorDesk: MirrorDesk
  configurations: Configurations
  commands: Commands
  verdictLinks: VerdictLinks
  pullDesk: PullDesk
  alertDesk: AlertDesk
  channelDesk: ChannelDesk
}

const node = (id: string) => `node ${id}`
const wrongLogin = 'refused: name and password do not belong together'
const changed = { outcome: versionWords }

type Record = (line: Recorded) => Promise<void>

/** All that operators do, by console, API or command line, is recorded here, and nowhere else. */
export function auditedDeeds(record: Record, rooms: Rooms): Rooms {
  return {
    ...peopleDeeds(record, rooms),
    fleetRegister: audited(rooms.fleetRegister, record, {
      revokeNode: { deed: 'revoke node', on: (_, id) => node(id) },
    }),
    enrolment: audited(rooms.enrolment, record, {
      createClaim: { deed: 'make claim', on: (made) => `claim ${made?.id ?? ''}` },
      revokeClaim: { deed: 'revoke claim', on: (_, id) => `claim ${id}` },
    }),
    streamCatalog: audited(rooms.streamCatalog, record, {
      addStream: { deed: 'add stream', on: (_, { name }) => `stream ${name}` },
      describeStream: { deed: 'describe stream', on: (_, name) => `stream ${name}` },
      createKey: { deed: 'make key', on: (made, name) => `stream ${name} key ${made?.id ?? ''}` },
      rotateKeys: { deed: 'replace keys', on: (made, name) => `stream ${name} by key ${made?.id ?? ''}` },
      revokeKey: { deed: 'revoke key', on: (_, name, id) => `stream ${name} key ${id}` },
    }),
    streamPosters: audited(rooms.streamPosters, record, {
      setPoster: { deed: 'set poster', on: (_, name) => `stream ${name}` },
      removePoster: { deed: 'remove poster', on: (_, name) => `stream ${name}` },
    }),
    mirrorDesk: audited(rooms.mirrorDesk, record, {
      choose: {
        deed: 'choose mirrors',
        on: (_, stream, chosen) => `stream ${stream}: ${JSON.stringify(chosen)}`,
      },
      setRule: { deed: 'mirror by rule', on: (_, { copies }) => `every stream on ${copies}` },
    }),
    configurations: audited(rooms.configurations, record, {
      save: { deed: 'configure', on: (_, id) => node(id), ...changed },
      change: { deed: 'configure', on: (_, id) => node(id), ...changed },
      rollBack: {
        deed: 'roll back',
        on: (_, id, version) => `${node(id)} to version ${version}`,
        ...changed,
      },
    }),
    pullDesk: audited(rooms.pullDesk, record, {
      setFleetRule: { deed: 'measure', on: () => 'every node' },
      setRule: { deed: 'measure', on: (_, id) => node(id) },
    }),
    commands: audited(rooms.commands, record, {
      ask: {
        deed: 'command',
        on: (_, id, { name, unit }) => [node(id), name, unit].filter(Boolean).join(' '),
        outcome: ({ id }) => `asked for as ${id}`,
      },
      heard: {
        deed: 'command ended',
        on: (_, id, command) => `${node(id)} ${command}`,
        outcome: (ended) => ended,
        byNodes: true,
      },
      readDiagnostics: { deed: 'read diagnostics', on: (_, id, command) => `${node(id)} ${command}` },
    }),
    verdictLinks: audited(rooms.verdictLinks, record, {
      makeLink: {
        deed: 'make verdict link',
        on: (_, id) => node(id),
        worth: (_, maker) => maker === 'operator', // a node makes one for whoever stands before it, at each start
      },
      revokeLinks: { deed: 'revoke verdict links', on: (_, id) => node(id) },
    }),
    ...auditedAlerts(record, rooms),
  }
}

const peopleDeeds = (record: Record, rooms: Pick<Rooms, 'accounts' | 'apiTokens'>) => ({
  accounts: audited(rooms.accounts, record, {
    login: {
      deed: 'log in',
      on: (_, name) => `operator ${name}`,
      outcome: (session) => (session ? 'done' : wrongLogin),
    },
    logout: { deed: 'log out', on: () => `operator ${presentActor().who}` },
    invite: { deed: 'invite', on: (_, name, role) => `operator ${name} as ${role}` },
    changeRole: { deed: 'change role', on: (_, name, role) => `operator ${name} to ${role}` },
    removePerson: { deed: 'remove operator', on: (_, name) => `operator ${name}` },
    changePassword: { deed: 'change own password', on: (_, name) => `operator ${name}` },
    resetPassword: { deed: 'new password', on: (_, name) => `operator ${name}` },
    endSession: { deed: 'end login', on: (_, name, id) => `operator ${name} login ${id}` },
    endSessions: { deed: 'end logins', on: (_, name) => `operator ${name}` },
  }),
  apiTokens: audited(rooms.apiTokens, record, {
    makeToken: {
      deed: 'make token',
      on: (_, { operator }, { name, scope }) => `operator ${operator} token ${name} for ${scope}`,
    },
    revokeToken: {
      deed: 'revoke token',
      on: (name, operator, id) => `operator ${operator} token ${name ?? id}`,
    },
  }),
})

const auditedAlerts = (
  record: (line: Recorded) => Promise<void>,
  { alertDesk, channelDesk }: Pick<Rooms, 'alertDesk' | 'channelDesk'>,
) => ({
  alertDesk: audited(alertDesk, record, {
    acknowledge: { deed: 'acknowledge', on: (_, id) => `incident ${id}` },
    silence: {
      deed: 'silence alerts',
      on: (_, { scope, scopeId, hours, reason }) =>
        `${scope} ${scopeId}${hours === undefined ? ' until it is over' : ` for ${hours} h`}${reason && `: ${reason}`}`,
    },
    liftSilence: { deed: 'lift silence', on: (_, id) => `silence ${id}` },
    saveRule: { deed: 'change alert rule', on: (_, name, choice) => `${name}: ${JSON.stringify(choice)}` },
    resetRule: { deed: 'reset alert rule', on: (_, name) => name },
  }),
  channelDesk: audited(channelDesk, record, {
    addMail: { deed: 'add alert channel', on: (_, recipients) => `mail to ${recipients}` },
    // An address may be a secret by itself: only its host is recorded.
    addWebhook: {
      deed: 'add alert channel',
      on: (made, target) => `webhook ${made?.id ?? ''} at ${shownTarget({ kind: 'webhook', target })}`,
    },
    removeChannel: { deed: 'remove alert channel', on: (_, id) => `channel ${id}` },
    testChannel: {
      deed: 'test alert channel',
      on: (_, id) => `channel ${id}`,
      outcome: ({ is, words }) => `${is}: ${words}`,
    },
  }),
})

function versionWords({ version, changes }: { version: number; changes: string[] }): string {
  return changes.length ? `version ${version}: ${changes.join('; ')}` : 'nothing to change'
}
