import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { Enrolment } from '../enrolment/enrolment.ts'
import type { FleetRegister } from '../nodes/fleet-register.ts'
import type { NodeView } from '../nodes/node-view.ts'
import type { StreamCatalog } from '../streams/stream-catalog.ts'
import type { StreamView } from '../streams/stream-view.ts'
import type { OperatorAccounts } from './operator-accounts.ts'

/** What a command has to say: to people, and to scripts. */
export type Said = { sentence: string; data: Record<string, unknown> }
type CommandOptions = {
  hours?: string | undefined
  title?: string | undefined
  open?: boolean | undefined
  'if-none'?: boolean | undefined
}

type Dependencies = {
  enrolment: Pick<Enrolment, 'createClaim'>
  accounts: Pick<OperatorAccounts, 'exists' | 'resetPassword'>
  streamCatalog: StreamCatalog
  streamViews: { list: () => Promise<StreamView[]> }
  nodeViews: { list: () => Promise<NodeView[]> }
  fleetRegister: FleetRegister
}

export const USAGE = `Commands:
  claim [--hours 24]                        a word that enrols one node
  password [--if-none]                      a new password for the operator admin
  stream list
  stream add NAME [--open] [--title TITLE] [--if-none]
  stream key NAME                           a new key that may publish the stream
  stream revoke NAME KEY_ID
  node list
  node revoke ID
Each with --json for one JSON object.`

/** What an operator can do without the console. Absent when there is no such command. */
export function operatorCommand(words: string[], options: CommandOptions, rooms: Dependencies) {
  const [subject = '', verb = '', ...names] = words
  const commands: Record<string, { takes: number; run: () => Promise<Said> }> = {
    claim: { takes: 0, run: () => createClaim(options, rooms) },
    password: { takes: 0, run: () => resetPassword(options, rooms) },
    'stream list': { takes: 0, run: () => listStreams(rooms) },
    'stream add': { takes: 1, run: () => addStream(names, options, rooms) },
    'stream key': { takes: 1, run: () => createKey(names, rooms) },
    'stream revoke': { takes: 2, run: () => revokeKey(names, rooms) },
    'node list': { takes: 0, run: () => listNodes(rooms) },
    'node revoke': { takes: 1, run: () => revokeNode(names, rooms) },
  }
  const command = commands[[subject, verb].filter(Boolean).join(' ')]
  return command?.takes === names.length ? command.run : undefined
}

async function createClaim(
  { hours: text = '24' }: CommandOptions,
  { enrolment }: Dependencies,
): Promise<Said> {
  const hours = Number(text)
  if (!(hours > 0 && hours <= 8760)) throw new Problem('bad-request', '--hours takes a number up to 8760.')
  const { claim, id, expiresAt } = await enrolment.createClaim({ hours })
  const sentence = `${claim}\n\nEnrols one node, until ${expiresAt.toISOString()}. It is not shown again.`
  return { sentence, data: { claim, id, expiresAt } }
}

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
  const lines = streams.map(({ name, state, open, keys }) => {
    const valid = keys.filter((key) => !('revokedAt' in key)).map(({ id }) => id)
    return `${name}  ${state}  ${open ? 'open' : `keys: ${valid.join(' ') || 'none'}`}`
  })
  return { sentence: lines.join('\n') || 'There is no stream.', data: { streams } }
}

async function addStream(
  [name = '']: string[],
  options: CommandOptions,
  { streamCatalog }: Dependencies,
): Promise<Said> {
  const { open = false, title = name } = options
  try {
    await streamCatalog.addStream({ name, title, open })
  } catch (error) {
    if (!(options['if-none'] && error instanceof Problem && error.code === 'name-taken')) throw error
    return { sentence: `The stream ${name} is there already.`, data: { name, added: false } }
  }
  const next = open ? 'may be published without a key' : `needs a key: stream key ${name}`
  return { sentence: `The stream ${name} ${next}.`, data: { name, open, added: true } }
}

async function createKey([name = '']: string[], { streamCatalog }: Dependencies): Promise<Said> {
  const { id, secret } = await streamCatalog.createKey(name)
  return {
    sentence: `Stream key for the encoder: ${name}?key=${secret}\nIt is not shown again. To take it back: stream revoke ${name} ${id}`,
    data: { name, id, key: secret },
  }
}

async function revokeKey([name = '', id = '']: string[], { streamCatalog }: Dependencies): Promise<Said> {
  await streamCatalog.revokeKey(name, id)
  return { sentence: `The key ${id} publishes ${name} no more.`, data: { name, id, revoked: true } }
}

async function listNodes({ nodeViews }: Dependencies): Promise<Said> {
  const nodes = await nodeViews.list()
  const lines = nodes.map(({ id, name, revokedAt, alive, reachable, claimed = '' }) => {
    const state = revokedAt ? 'revoked' : !alive ? 'not heard yet' : alive.is ? 'alive' : 'silent'
    const found = reachable.map(({ family, is }) => `IPv${family} ${is ? 'reachable' : 'not reachable'}`)
    return [id, name, state, claimed, ...found].filter(Boolean).join('  ')
  })
  return { sentence: lines.join('\n') || 'No node has enrolled.', data: { nodes } }
}

async function revokeNode([id = '']: string[], { fleetRegister }: Dependencies): Promise<Said> {
  await fleetRegister.revokeNode(id)
  return { sentence: `The node ${id} is no part of the fleet any more.`, data: { id, revoked: true } }
}
