import type { Duty } from '@sixcast/shared/contract/configuration.ts'
import { Problem, type ProblemCode } from '@sixcast/shared/contract/problem.ts'
import { verdictText } from '@sixcast/shared/contract/verdict-words.ts'
import type { Enrolment } from '../enrolment/enrolment.ts'
import type { NodeLimiting } from '../limits/node-limits.ts'
import type { MirrorDesk } from '../mirrors/mirror-desk.ts'
import type { FleetRegister } from '../nodes/fleet-register.ts'
import type { NodeView } from '../nodes/node-view.ts'
import { nodeState, probeSentence } from '../nodes/node-words.ts'
import { revokedKeyMeans } from '../streams/revoked-key.ts'
import type { StreamCatalog } from '../streams/stream-catalog.ts'
import type { Shown } from '../streams/stream-listing.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { verdictOf } from '../verdict/verdict-of.ts'
import { alignedColumns } from './aligned-columns.ts'
import { type AuditDependencies, checkAudit, listAudit } from './audit-commands.ts'
import { type CommandLine, type CommandName, npmCommand } from './command-line.ts'
import { fleetMirrors, streamMirrors } from './mirror-commands.ts'
import { command, configure, type OrderDependencies, rollBack, showConfiguration } from './node-orders.ts'
import type { OperatorAccounts } from './operator-accounts.ts'

/** What a command has to say: to people, and to scripts. */
type Said = { sentence: string; data: Record<string, unknown> }
type CommandOptions = CommandLine['options']

type Dependencies = OrderDependencies &
  AuditDependencies & {
    enrolment: Pick<Enrolment, 'createClaim' | 'listClaims' | 'revokeClaim'>
    accounts: Pick<OperatorAccounts, 'exists' | 'resetPassword'>
    streamCatalog: StreamCatalog
    streamViews: { list: () => Promise<StreamView[]> }
    nodeViews: {
      list: () => Promise<NodeView[]>
      find: (nodeId: string) => Promise<NodeView | undefined>
    }
    fleetRegister: FleetRegister
    mirrorDesk: MirrorDesk
    limits: Pick<NodeLimiting, 'setDuty'>
  }

/** What an operator can do without the console. */
export function runOperatorCommand(
  { name, operands, options }: CommandLine,
  rooms: Dependencies,
): Promise<Said> {
  const commands: Record<CommandName, () => Promise<Said>> = {
    claim: () => createClaim(options, rooms),
    'claim list': () => listClaims(rooms),
    'claim revoke': () => revokeClaim(operands, options, rooms),
    password: () => resetPassword(options, rooms),
    'stream list': () => listStreams(rooms),
    'stream add': () => addStream(operands, options, rooms),
    'stream describe': () => describeStream(operands, options, rooms),
    'stream key': () => createKey(operands, options, rooms),
    'stream revoke': () => revokeKey(operands, options, rooms),
    'stream mirrors': () => showMirrors(operands, options, rooms),
    'fleet mirrors': () => fleetMirrors(options, rooms),
    'node list': () => listNodes(rooms),
    'node verdict': () => tellVerdict(operands, options, rooms),
    'node drain': () => setDuty('draining', operands, options, rooms),
    'node serve': () => setDuty('serving', operands, options, rooms),
    'node maintain': () => setDuty('maintenance', operands, options, rooms),
    'node configuration': () => showConfiguration(operands, rooms),
    'node configure': () => configure(operands, rooms),
    'node rollback': () => rollBack(operands, rooms),
    'node command': () => command(operands, rooms),
    'audit list': () => listAudit(rooms),
    'audit check': () => checkAudit(rooms),
    'node revoke': () => revokeNode(operands, options, rooms),
  }
  return commands[name]()
}

async function createClaim(
  { hours: text = '24' }: CommandOptions,
  { enrolment }: Dependencies,
): Promise<Said> {
  const hours = Number(text)
  if (!(hours > 0 && hours <= 8760)) throw new Problem('bad-request', '--hours takes a number up to 8760.')
  const { claim, id, expiresAt } = await enrolment.createClaim({ hours })
  const sentence = `${claim}\n\nEnrols one node, until ${localTime(expiresAt)}. It is not shown again.`
  return { sentence, data: { claim, id, expiresAt } }
}

async function listClaims({ enrolment }: Dependencies): Promise<Said> {
  const claims = await enrolment.listClaims()
  const rows = claims.map(({ id, state, expiresAt, nodeId }) => {
    const more = state === 'open' ? `until ${localTime(expiresAt)}` : nodeId ? `by ${nodeId}` : ''
    return [id, state, more]
  })
  return { sentence: alignedColumns(rows) || 'There is no claim.', data: { claims } }
}

async function revokeClaim(
  [id = '']: string[],
  { state }: CommandOptions,
  { enrolment }: Dependencies,
): Promise<Said> {
  const absent = `There is no claim ${id} that could still be used`
  await enrolment.revokeClaim(id).catch(sayAbsent('not-found', absent, npmCommand(['claim', 'list'], state)))
  return { sentence: `The claim ${id} enrols nobody any more.`, data: { id, revoked: true } }
}

/** To the minute, by the clock of whoever asked. */
const localTime = (at: Date) =>
  at.toLocaleString('en-GB', {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
  })

async function resetPassword(options: CommandOptions, { accounts }: Dependencies): Promise<Said> {
  if (options['if-none'] && (await accounts.exists(OPERATOR)))
    return { sentence: `The operator ${OPERATOR} has a password already.`, data: { name: OPERATOR } }
  const password = await accounts.resetPassword(OPERATOR)
  return {
    sentence: `The password of ${OPERATOR} is ${password}\nIt is not shown again. Whoever was logged in is so no more.`,
    data: { name: OPERATOR, password },
  }
}

const OPERATOR = 'admin'

async function listStreams({ streamCatalog, streamViews }: Dependencies): Promise<Said> {
  const views = await streamViews.list()
  const streams = await Promise.all(
    views.map(async (view) => ({ ...view, keys: await streamCatalog.listKeys(view.name) })),
  )
  const rows = streams.map(({ name, state, open, keys }) => {
    const valid = keys.filter((key) => !('revokedAt' in key)).map(({ id }) => id)
    return [name, state, open ? 'open' : `keys: ${valid.join(' ') || 'none'}`]
  })
  return { sentence: alignedColumns(rows) || 'There is no stream.', data: { streams } }
}

async function addStream(
  [name = '']: string[],
  options: CommandOptions,
  { streamCatalog }: Dependencies,
): Promise<Said> {
  const { open = false, title } = options
  try {
    await streamCatalog.addStream({ name, open, ...(title !== undefined && { title }) })
  } catch (error) {
    if (!(options['if-none'] && error instanceof Problem && error.code === 'name-taken')) throw error
    return { sentence: `The stream ${name} is there already.`, data: { name, added: false } }
  }
  const next = open
    ? 'may be published without a key.'
    : `needs a key, which this makes:\n${npmCommand(['stream', 'key', name], options.state)}`
  return { sentence: `The stream ${name} ${next}`, data: { name, open, added: true } }
}

async function describeStream(
  [name = '']: string[],
  { title, description, category, shown, place }: CommandOptions,
  { streamCatalog }: Dependencies,
): Promise<Said> {
  const said = {
    ...{ title, description, category, shown: shown as Shown | undefined },
    place: place === undefined ? undefined : Number(place),
  }
  await streamCatalog.describeStream(name, said)
  return { sentence: `Viewers see ${name} so from now on.`, data: { name, ...said } }
}

async function createKey(
  [name = '']: string[],
  { state }: CommandOptions,
  { streamCatalog }: Dependencies,
): Promise<Said> {
  const { id, secret } = await streamCatalog
    .createKey(name)
    .catch(sayAbsent('unknown-stream', `There is no stream ${name}`, npmCommand(['stream', 'list'], state)))
  const takeBack = npmCommand(['stream', 'revoke', name, id], state)
  return {
    sentence: `Stream key for the encoder: ${name}?key=${secret}\nIt is not shown again. This takes it back:\n${takeBack}`,
    data: { name, id, key: secret },
  }
}

async function revokeKey(
  [name = '', id = '']: string[],
  { state }: CommandOptions,
  { streamCatalog }: Dependencies,
): Promise<Said> {
  const absent = `The stream ${name} has no key ${id}, or not any more`
  await streamCatalog
    .revokeKey(name, id)
    .catch(sayAbsent('not-found', absent, npmCommand(['stream', 'list'], state)))
  return { sentence: `The key ${id} is revoked. ${revokedKeyMeans(name)}`, data: { name, id, revoked: true } }
}

const showMirrors = ([name = '']: string[], options: CommandOptions, rooms: Dependencies): Promise<Said> =>
  streamMirrors(name, options, rooms).catch(
    sayAbsent('unknown-stream', `There is no stream ${name}`, npmCommand(['stream', 'list'], options.state)),
  )

async function listNodes({ nodeViews }: Dependencies): Promise<Said> {
  const nodes = await nodeViews.list()
  const now = new Date()
  const rows = nodes.map((node) => {
    const found = node.reachable.map((probe) => probeSentence(probe, node, now))
    return [node.id, node.name, listedState(node), node.claimed ?? '', found.join('  ')]
  })
  return { sentence: alignedColumns(rows) || 'No node has enrolled.', data: { nodes } }
}

const listedState = (node: NodeView) =>
  node.duty && node.duty.is !== 'serving' && !node.revokedAt
    ? `${nodeState(node)}, ${node.duty.is}`
    : nodeState(node)

async function tellVerdict(
  [id = '']: string[],
  { state }: CommandOptions,
  { nodeViews }: Dependencies,
): Promise<Said> {
  const node = await nodeViews.find(id)
  if (!node)
    throw new Problem(
      'unknown-node',
      `There is no node ${id}. ${npmCommand(['node', 'list'], state)} shows all.`,
    )
  const verdict = verdictOf(node, new Date())
  return { sentence: verdictText(verdict), data: verdict }
}

async function setDuty(
  duty: Duty,
  [id = '']: string[],
  { state }: CommandOptions,
  { limits }: Dependencies,
): Promise<Said> {
  const absent = `There is no node ${id}, or it is revoked already`
  await limits.setDuty(id, duty).catch(sayAbsent('unknown-node', absent, npmCommand(['node', 'list'], state)))
  return { sentence: DUTY_SENTENCES[duty](id), data: { id, duty } }
}

const DUTY_SENTENCES: Record<Duty, (id: string) => string> = {
  serving: (id) => `New viewers are sent to ${id}.`,
  draining: (id) =>
    `No new viewer is sent to ${id}. Those who are there are moved away within some seconds, without a break.`,
  maintenance: (id) =>
    `No new viewer is sent to ${id}, those who are there are moved away, and nobody is alarmed when it is switched off.`,
}

async function revokeNode(
  [id = '']: string[],
  { state }: CommandOptions,
  { fleetRegister }: Dependencies,
): Promise<Said> {
  const absent = `There is no node ${id}, or it is revoked already`
  await fleetRegister
    .revokeNode(id)
    .catch(sayAbsent('unknown-node', absent, npmCommand(['node', 'list'], state)))
  return { sentence: `The node ${id} is no part of the fleet any more.`, data: { id, revoked: true } }
}

/** For what an operator has mistyped: what is not there, and the command that shows what is. */
const sayAbsent = (code: ProblemCode, absent: string, listing: string) => (error: unknown) => {
  if (error instanceof Problem && error.code === code)
    throw new Problem(code, `${absent}. ${listing} shows all.`)
  throw error
}
