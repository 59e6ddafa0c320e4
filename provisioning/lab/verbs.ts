import { Refusal } from '../launcher/refusal.ts'
import type { Renumbering } from './prefixes.ts'
import { nodeName, places, VIEWER_NAMES, type ViewerName } from './topology.ts'
import type { Trouble } from './troubles.ts'

export type Standing = 'alive' | 'silent' | 'reachable' | 'unreachable'

type PlainVerb = 'help' | 'status' | 'heal' | 'console' | 'seen' | 'quit'

/** What can be asked of a lab. */
export type Verb =
  | { name: PlainVerb }
  | { name: 'publish'; node: number }
  | { name: 'play'; viewer: ViewerName; node: number; seconds: number }
  | { name: 'watch'; viewer: ViewerName; node: number; buffered: boolean }
  | { name: 'leave'; viewer: number | undefined }
  | { name: 'kill' | 'start'; units: string[] }
  | { name: 'trouble'; trouble: Trouble }
  | { name: 'renumber'; node: number; how: Renumbering }
  | { name: 'await'; node: number; standing: Standing; seconds: number }
  | { name: 'mirror'; node: number; mirror: number }
  | { name: 'impostor' | 'clone' | 'verdict'; node: number }
  | { name: 'wait'; seconds: number }
  | { name: 'log'; unit: string; lines: number }
  | { name: 'in'; place: string; command: string }

type Reading = { words: string[]; rest: string; nodes: number }
type Entry = { usage: string; does: string; read: (reading: Reading) => Verb }

/** How each verb is written, what it does, and how its words are read. */
const VERBS: Record<string, Entry> = {
  status: { usage: '', does: 'the picture: who is where, and how it stands', read: plain('status') },
  publish: {
    usage: 'N',
    does: 'an encoder at the site of node N publishes to it, as stream camera-N',
    read: ({ words: [n], nodes }) => ({ name: 'publish', node: nodeOf(n, nodes) }),
  },
  mirror: {
    usage: 'N M',
    does: 'node M copies camera-N from node N, and plays it to viewers',
    read: ({ words: [n, other], nodes }) => ({
      name: 'mirror',
      node: nodeOf(n, nodes),
      mirror: nodeOf(other, nodes),
    }),
  },
  play: {
    usage: '6|4 N [SECONDS]',
    does: 'a viewer with IPv6, or one with IPv4 only, opens the landing page and fetches camera-N, playlist and newest segment; he tries for 20 seconds',
    read: ({ words: [family, n, seconds = '20'], nodes }) => ({
      name: 'play',
      viewer: `viewer-${oneOf(family, ['6', '4'])}`,
      node: nodeOf(n, nodes),
      seconds: numberOf(seconds, 'SECONDS', 0, 3600),
    }),
  },
  watch: {
    usage: '6|4 N [buffered]',
    does: 'such a viewer opens the watch page of camera-N in a real browser and goes on watching; what he notices is told: the picture stands, he is on another pathway. buffered: he stays so far behind that ten seconds are loaded ahead',
    read: ({ words: [family, n, how], nodes }) => ({
      name: 'watch',
      viewer: `viewer-${oneOf(family, ['6', '4'])}`,
      node: nodeOf(n, nodes),
      buffered: how !== undefined && oneOf(how, ['buffered']) === 'buffered',
    }),
  },
  seen: { usage: '', does: 'what those who watch have seen so far', read: plain('seen') },
  leave: {
    usage: '[NUMBER]',
    does: 'all who watch go away, or that one',
    read: ({ words: [number] }) => {
      return { name: 'leave', viewer: number === undefined ? number : numberOf(number, 'NUMBER', 1, 10_000) }
    },
  },
  kill: {
    usage: 'N|cloud [UNIT]',
    does: `kills the node, or one unit, and keeps it down: ${list(unitsAt(1))}; of the cloud ${list(unitsAt('cloud'))}`,
    read: (reading) => ({ name: 'kill', units: unitsOf(reading) }),
  },
  start: {
    usage: 'N|cloud [UNIT]',
    does: 'starts again what was killed',
    read: (reading) => ({ name: 'start', units: unitsOf(reading) }),
  },
  blackhole: {
    usage: 'N [inbound]',
    does: 'all packets to and from node N vanish; inbound: only those to the ports of viewers and encoders',
    read: ({ words: [n, way], nodes }) =>
      troubled({
        kind: way === undefined ? 'blackhole' : oneOf(way, ['inbound']),
        node: nodeOf(n, nodes),
      }),
  },
  filter: {
    usage: 'N',
    does: 'the router of node N lets no new connection in; those that are open go on',
    read: ({ words: [n], nodes }) => troubled({ kind: 'filter', node: nodeOf(n, nodes) }),
  },
  cut: {
    usage: 'N|cloud [VIEWER]',
    does: 'cuts node N off from the cloud alone, or from viewer-6 or viewer-4; or the cloud off from everybody',
    read: ({ words: [at, whom = 'cloud'], nodes }) => {
      const from = placeOf(at, nodes)
      if (from === 'cloud') return troubled({ kind: 'cut', from })
      return troubled({ kind: 'cut', from, whom: oneOf(whom, ['cloud', ...VIEWER_NAMES]) })
    },
  },
  blind: {
    usage: '',
    does: 'the cloud opens no connection over IPv6 any more: its prober and its relay see nobody',
    read: () => troubled({ kind: 'blind' }),
  },
  slow: {
    usage: 'N MBIT',
    does: 'the line of node N takes no more than MBIT per second, either way',
    read: ({ words: [n, mbit], nodes }) =>
      troubled({ kind: 'slow', node: nodeOf(n, nodes), mbit: numberOf(mbit, 'MBIT', 0.1, 1000) }),
  },
  lossy: {
    usage: 'N PERCENT',
    does: 'the line of node N loses that many of its packets, either way',
    read: ({ words: [n, percent], nodes }) =>
      troubled({ kind: 'lossy', node: nodeOf(n, nodes), percent: numberOf(percent, 'PERCENT', 0.01, 100) }),
  },
  renumber: {
    usage: 'N [planned|flash|gone]',
    does: 'its provider gives site N another prefix. planned: the old one is deprecated, and works; flash: nobody says so, it just ends; gone: the old one ends and the node knows',
    read: ({ words: [n, how = 'planned'], nodes }) => ({
      name: 'renumber',
      node: nodeOf(n, nodes),
      how: oneOf(how, ['planned', 'flash', 'gone']),
    }),
  },
  impostor: {
    usage: 'N',
    does: 'somebody else gets the prefix that site N has left, or has now if it has left none, and answers at the address of node N',
    read: ({ words: [n], nodes }) => ({ name: 'impostor', node: nodeOf(n, nodes) }),
  },
  clone: {
    usage: 'N',
    does: 'a copy of the card of node N is put into another machine, elsewhere: two speak with one key',
    read: ({ words: [n], nodes }) => ({ name: 'clone', node: nodeOf(n, nodes) }),
  },
  heal: {
    usage: '',
    does: 'all lines are whole again, all units run, and impostors and clones are gone; prefixes stay as they are',
    read: plain('heal'),
  },
  await: {
    usage: 'N alive|silent|reachable|unreachable [SECONDS]',
    does: 'waits until the control plane says that of node N (for 90 seconds)',
    read: ({ words: [n, standing, seconds = '90'], nodes }) => ({
      name: 'await',
      node: nodeOf(n, nodes),
      standing: oneOf(standing, ['alive', 'silent', 'reachable', 'unreachable']),
      seconds: numberOf(seconds, 'SECONDS', 0, 3600),
    }),
  },
  verdict: {
    usage: 'N',
    does: 'what an installer is told of node N: whether viewers outside reach it, and if not, why and what to do',
    read: ({ words: [n], nodes }) => ({ name: 'verdict', node: nodeOf(n, nodes) }),
  },
  console: {
    usage: '',
    does: 'what stands on the first page of the operators’ console',
    read: plain('console'),
  },
  wait: {
    usage: 'SECONDS',
    does: 'waits',
    read: ({ words: [seconds] }) => ({ name: 'wait', seconds: numberOf(seconds, 'SECONDS', 0, 3600) }),
  },
  log: {
    usage: 'N|cloud UNIT [LINES]',
    does: 'what a unit said last (20 lines); of a node also impostor and clone',
    read: ({ words: [at, unit, lines = '20'], nodes }) => {
      const guest = at !== 'cloud' && (unit === 'impostor' || unit === 'clone')
      const name = guest ? `${nodeName(nodeOf(at, nodes))}-${unit}` : unitOf(at, unit, nodes)
      return { name: 'log', unit: name, lines: numberOf(lines, 'LINES', 1, 10_000) }
    },
  },
  in: {
    usage: 'PLACE COMMAND',
    does: 'runs a shell command at a place: cloud, node-N, viewer-6, viewer-4',
    read: ({ words: [place], rest, nodes }) => {
      const names = places(nodes).map(({ name }) => name)
      const command = rest.replace(/^\S+\s*/, '')
      if (names.includes(place ?? '') && !command) throw new Refusal('What is to be run there?')
      return { name: 'in', place: oneOf(place, names), command }
    },
  },
  help: { usage: '', does: 'this text', read: plain('help') },
  quit: { usage: '', does: 'ends the lab and leaves nothing behind; so does Ctrl-C', read: plain('quit') },
}

/** What a line asks for; refuses, in a sentence, what nobody can do. Nothing for an empty line or a comment. */
export function parseVerb(line: string, nodes: number): Verb | undefined {
  const [, name, rest = ''] = /^(\S+)\s*(.*)$/.exec(line.replace(/(^|\s)#.*/, '').trim()) ?? []
  if (!name) return undefined
  const entry = Object.hasOwn(VERBS, name) ? VERBS[name] : undefined
  if (!entry) throw new Refusal(`There is no verb "${name}". help lists all.`)
  const words = rest.split(/\s+/).filter(Boolean)
  const most = name === 'in' ? Number.POSITIVE_INFINITY : wordCount(entry.usage)
  if (words.length > most) throw new Refusal(`That is more than ${name} takes: ${name} ${entry.usage}`.trim())
  return entry.read({ words, rest, nodes })
}

const wordCount = (text: string) => text.split(' ').filter(Boolean).length

export const verbUsages = (): { usage: string; does: string }[] =>
  Object.entries(VERBS).map(([name, { usage, does }]) => ({ usage: `${name} ${usage}`.trim(), does }))

/** The launcher's names of the units at a place, the first to start first. */
export function unitNames(at: number | 'cloud'): string[] {
  return unitsAt(at).map((unit) => (at === 'cloud' ? unit : `${nodeName(at)}-${unit}`))
}

function unitsAt(at: number | 'cloud'): string[] {
  return at === 'cloud'
    ? ['database', 'control-plane', 'relay']
    : ['rtmp', 'nginx', 'media', 'agent', 'encoder']
}

function unitsOf({ words: [at, unit], nodes }: Reading): string[] {
  return unit === undefined ? unitNames(placeOf(at, nodes)) : [unitOf(at, unit, nodes)]
}

function unitOf(at: string | undefined, unit: string | undefined, nodes: number): string {
  const place = placeOf(at, nodes)
  const named = oneOf(unit, unitsAt(place))
  return place === 'cloud' ? named : `${nodeName(place)}-${named}`
}

const placeOf = (at: string | undefined, nodes: number) => (at === 'cloud' ? 'cloud' : nodeOf(at, nodes))

function plain(name: PlainVerb) {
  return (): Verb => ({ name })
}

const troubled = (trouble: Trouble): Verb => ({ name: 'trouble', trouble })

function nodeOf(word: string | undefined, nodes: number): number {
  if (!/^[1-9]$/.test(word ?? '') || Number(word) > nodes)
    throw new Refusal(
      `Which node? There ${nodes === 1 ? 'is only 1' : `are 1 to ${nodes}`}, not "${word ?? ''}".`,
    )
  return Number(word)
}

function numberOf(word: string | undefined, what: string, least: number, most: number): number {
  const number = word ? Number(word) : Number.NaN
  if (!(number >= least && number <= most))
    throw new Refusal(`${what} is a number from ${least} to ${most}, not "${word ?? ''}".`)
  return number
}

function oneOf<Choice extends string>(word: string | undefined, choices: readonly Choice[]): Choice {
  const chosen = choices.find((each) => each === word)
  if (!chosen) throw new Refusal(`One of these is wanted: ${list(choices)}; not "${word ?? ''}".`)
  return chosen
}

function list(words: readonly string[]): string {
  return words.join(', ')
}
