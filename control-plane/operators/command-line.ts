import { parseArgs } from 'node:util'

/** What an operator typed after `npm run`, once it is clear that there is such a command. */
export type CommandLine = {
  name: CommandName
  operands: string[]
  options: {
    state?: string
    hours?: string
    title?: string
    description?: string
    category?: string
    shown?: string
    place?: string
    open?: boolean
    'if-none'?: boolean
    copies?: string
    nodes?: string
    rule?: boolean
  }
  json: boolean
}

const COMMANDS = {
  claim: { takes: [], options: ['hours'] },
  'claim list': { takes: [], options: [] },
  'claim revoke': { takes: ['ID'], options: [] },
  password: { takes: [], options: ['if-none'] },
  'stream list': { takes: [], options: [] },
  'stream add': { takes: ['NAME'], options: ['open', 'title', 'if-none'] },
  'stream describe': {
    takes: ['NAME'],
    options: ['title', 'description', 'category', 'shown', 'place'],
  },
  'stream key': { takes: ['NAME'], options: [] },
  'stream revoke': { takes: ['NAME', 'KEY_ID'], options: [] },
  'stream mirrors': { takes: ['NAME'], options: ['copies', 'nodes', 'rule'] },
  'fleet mirrors': { takes: [], options: ['copies'] },
  'node list': { takes: [], options: [] },
  'node verdict': { takes: ['ID'], options: [] },
  'node drain': { takes: ['ID'], options: [] },
  'node serve': { takes: ['ID'], options: [] },
  'node maintain': { takes: ['ID'], options: [] },
  'node configuration': { takes: ['ID'], options: [] },
  'node configure': { takes: ['ID', 'NAME=VALUE…'], options: [] },
  'node rollback': { takes: ['ID', 'VERSION'], options: [] },
  'node command': { takes: ['ID', 'COMMAND…'], options: [] },
  'node revoke': { takes: ['ID'], options: [] },
  'audit list': { takes: [], options: [] },
  'audit check': { takes: [], options: [] },
} as const satisfies Record<string, { takes: string[]; options: string[] }>
export type CommandName = keyof typeof COMMANDS

export const USAGE = `Commands of the operator:

  npm run claim                          a word that enrols one node, within a day (or -- --hours N)
  npm run claim -- list
  npm run claim -- revoke ID             takes back a claim that nobody has used yet
  npm run password                       a new password for the operator admin (-- --if-none: only a first one)
  npm run stream -- list
  npm run stream -- add NAME             a stream that needs a key (--open: none; --title TITLE; --if-none)
  npm run stream -- describe NAME        what viewers see: --title, --description, --category (a heading of the landing page),
                                         --place N (the lower, the earlier), --shown public, unlisted or hidden
  npm run stream -- key NAME             a new key that may publish the stream
  npm run stream -- revoke NAME KEY_ID   takes a key back
  npm run stream -- mirrors NAME         which nodes have it (--copies N: on how many; --nodes ID,ID: copied by these;
                                         --rule: by the fleet's rule)
  npm run fleet -- mirrors               on how many nodes every other stream is (--copies N)
  npm run node -- list
  npm run node -- verdict ID             whether viewers outside reach a node, and if not, why
  npm run node -- drain ID               no new viewers; those it has are moved away without a break
  npm run node -- maintain ID            the same, and nobody is alarmed when it is switched off
  npm run node -- serve ID               back to work
  npm run node -- configuration ID       what is wanted of a node, what it made of it, and what came before
  npm run node -- configure ID NAME=VALUE …   changes that (of all nodes: all); NAME= takes a setting back
  npm run node -- rollback ID VERSION    wants again what an earlier version did; 0 wants nothing
  npm run node -- command ID COMMAND     restart UNIT (rtmp, nginx, media, agent), probe, identify, diagnostics, drain or serve
  npm run node -- revoke ID              shuts a node out, for good
  npm run audit -- list                  who did what lately
  npm run audit -- check                 whether that record is as it was written

Options of each, after the two dashes:

  --state DIR   the fleet that was started with --state DIR (for scripts: SIXCAST_STATE=DIR)
  --json        one JSON object
  --help        this text`

/** Throws in one sentence when there is no such command, or not with these options. */
export function readCommandLine(args: string[]): CommandLine | 'help' {
  const read = { args, allowPositionals: true, options: OPTIONS } as const
  // Not strict before each option has been looked at: Node's own words speak of positional arguments.
  const { tokens, values, positionals } = parseArgs({ ...read, strict: false, tokens: true })
  if (values.help) return 'help'
  const name = commandName(positionals)
  for (const token of tokens) if (token.kind === 'option') refuseOption(name, token)
  const operands = positionals.slice(name.split(' ').length)
  const { takes } = COMMANDS[name]
  if (!fits(operands, takes))
    throw new Error(`${name} takes ${takes.join(' and ') || 'nothing more'}. ${seeHelp(name)}`)
  const { json = false, ...options } = parseArgs(read).values
  return { name, operands, options, json }
}

/** The last of them may stand for several. */
function fits(operands: string[], takes: readonly string[]): boolean {
  const isOpen = takes.at(-1)?.endsWith('…') ?? false
  return isOpen ? operands.length >= takes.length : operands.length === takes.length
}

const OPTIONS = {
  state: { type: 'string' },
  hours: { type: 'string' },
  title: { type: 'string' },
  description: { type: 'string' },
  category: { type: 'string' },
  shown: { type: 'string' },
  place: { type: 'string' },
  open: { type: 'boolean' },
  'if-none': { type: 'boolean' },
  copies: { type: 'string' },
  nodes: { type: 'string' },
  rule: { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

const EVERYWHERE = ['state', 'json', 'help']

/** Of the script that was typed, so far as it was one. */
function seeHelp(typed: string): string {
  const [script = ''] = typed.split(' ')
  const known = Object.keys(COMMANDS).some((name) => name.split(' ')[0] === script)
  return `${npmCommand([known ? script : 'stream', '--help'])} lists the commands.`
}

function commandName([subject = '', verb = '']: string[]): CommandName {
  const found = [`${subject} ${verb}`, subject].find(isCommand)
  if (found) return found
  const verbs = Object.keys(COMMANDS).flatMap((name) =>
    name.startsWith(`${subject} `) ? [name.slice(subject.length + 1)] : [],
  )
  if (verbs.length === 0)
    throw new Error(`There is no command ${subject || 'without a name'}. ${seeHelp(subject)}`)
  const missing = verb
    ? `There is no command ${subject} ${verb}: ${subject}`
    : `${subject} alone says too little: it`
  throw new Error(
    `${missing} takes ${new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(verbs)}. ${seeHelp(subject)}`,
  )
}

const isCommand = (name: string): name is CommandName => Object.hasOwn(COMMANDS, name)

type OptionToken = {
  name: string
  rawName: string
  value: string | undefined
  inlineValue: boolean | undefined
}

function refuseOption(command: CommandName, { name, rawName, value, inlineValue }: OptionToken) {
  const known = Object.entries(OPTIONS).find(([each]) => each === name)?.[1]
  const allowed: readonly string[] = [...EVERYWHERE, ...COMMANDS[command].options]
  if (!known || !allowed.includes(name))
    throw new Error(`${command} has no option ${rawName}. ${seeHelp(command)}`)
  if (known.type === 'boolean' && value !== undefined)
    throw new Error(`${rawName} takes no value. ${seeHelp(command)}`)
  if (known.type === 'string' && (!value || (!inlineValue && value.startsWith('-'))))
    throw new Error(`${rawName} takes a value. ${seeHelp(command)}`)
}

/** A command as it is typed, for a fleet that keeps its state in `state` instead of the checkout. */
export function npmCommand(words: string[], state?: string): string {
  const [script = '', ...rest] = words
  const after = [...rest, ...(state ? ['--state', shellWord(state)] : [])]
  return [script === 'start' ? 'npm' : 'npm run', script, ...(after.length > 0 ? ['--', ...after] : [])].join(
    ' ',
  )
}

const shellWord = (text: string) =>
  /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
