import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { parseVerb, unitNames, type Verb, verbUsages } from './verbs.ts'

test.each<[string, Verb]>([
  ['status', { name: 'status' }],
  ['  heal  # all of it', { name: 'heal' }],
  ['publish 2', { name: 'publish', node: 2 }],
  ['play 6 1', { name: 'play', viewer: 'viewer-6', node: 1, seconds: 20 }],
  ['play 4 3 0', { name: 'play', viewer: 'viewer-4', node: 3, seconds: 0 }],
  ['watch 4 2', { name: 'watch', viewer: 'viewer-4', node: 2, buffered: false }],
  ['watch 6 2 buffered', { name: 'watch', viewer: 'viewer-6', node: 2, buffered: true }],
  ['mirror 1 2', { name: 'mirror', node: 1, mirror: 2 }],
  ['impostor 1', { name: 'impostor', node: 1 }],
  ['log 1 impostor', { name: 'log', unit: 'node-1-impostor', lines: 20 }],
  ['leave', { name: 'leave', viewer: undefined }],
  ['leave 2', { name: 'leave', viewer: 2 }],
  ['kill 2 nginx', { name: 'kill', units: ['node-2-nginx'] }],
  ['kill 3', { name: 'kill', units: unitNames(3) }],
  ['start cloud relay', { name: 'start', units: ['relay'] }],
  ['blackhole 1', { name: 'trouble', trouble: { kind: 'blackhole', node: 1 } }],
  ['blackhole 1 inbound', { name: 'trouble', trouble: { kind: 'inbound', node: 1 } }],
  ['filter 1', { name: 'trouble', trouble: { kind: 'filter', node: 1 } }],
  ['cut cloud', { name: 'trouble', trouble: { kind: 'cut', from: 'cloud' } }],
  ['cut 2 viewer-6', { name: 'trouble', trouble: { kind: 'cut', from: 2, whom: 'viewer-6' } }],
  ['cut 2', { name: 'trouble', trouble: { kind: 'cut', from: 2, whom: 'cloud' } }],
  ['blind', { name: 'trouble', trouble: { kind: 'blind' } }],
  ['slow 1 2.5', { name: 'trouble', trouble: { kind: 'slow', node: 1, mbit: 2.5 } }],
  ['lossy 1 10', { name: 'trouble', trouble: { kind: 'lossy', node: 1, percent: 10 } }],
  ['renumber 1', { name: 'renumber', node: 1, how: 'planned' }],
  ['renumber 1 flash', { name: 'renumber', node: 1, how: 'flash' }],
  ['await 1 silent', { name: 'await', node: 1, standing: 'silent', seconds: 90 }],
  ['await 1 unreachable 5', { name: 'await', node: 1, standing: 'unreachable', seconds: 5 }],
  ['wait 1.5', { name: 'wait', seconds: 1.5 }],
  ['log 1 agent', { name: 'log', unit: 'node-1-agent', lines: 20 }],
  ['log cloud control-plane 5', { name: 'log', unit: 'control-plane', lines: 5 }],
  ['in node-1 ip -6 route', { name: 'in', place: 'node-1', command: 'ip -6 route' }],
])('%j is read', (line, verb) => expect(parseVerb(line, 3)).toEqual(verb))

test.each(['', '   ', '# a remark'])('%j asks for nothing', (line) =>
  expect(parseVerb(line, 3)).toBeUndefined(),
)

test.each([
  ['frobnicate', 'There is no verb "frobnicate". help lists all.'],
  ['constructor', 'There is no verb "constructor"'],
  ['kill', 'Which node? There are 1 to 3, not "".'],
  ['kill 4', 'Which node? There are 1 to 3, not "4".'],
  ['kill 1 mysql', 'One of these is wanted: rtmp, nginx, media, agent, encoder; not "mysql".'],
  ['blackhole 1 outbound', 'One of these is wanted: inbound; not "outbound".'],
  ['play 5 1', 'One of these is wanted: 6, 4; not "5".'],
  ['slow 1', 'MBIT is a number from 0.1 to 1000, not "".'],
  ['slow 1 fast', 'MBIT is a number from 0.1 to 1000, not "fast".'],
  ['lossy 1 101', 'PERCENT is a number from 0.01 to 100, not "101".'],
  ['heal 1', 'That is more than heal takes: heal'],
  ['filter 1 2', 'That is more than filter takes: filter N'],
  ['log 1', 'One of these is wanted: rtmp'],
  ['in', 'One of these is wanted: cloud, node-1, node-2, node-3, viewer-6, viewer-4; not "".'],
  ['in cloud', 'What is to be run there?'],
])('%j is refused: %s', (line, sentence) => expect(() => parseVerb(line, 3)).toThrow(sentence))

test('the page about the lab has every verb, as help has it', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../../docs/lab.md'), 'utf8')
  const missing = verbUsages().filter(
    ({ usage, does }) => !page.includes(`| \`${usage.replaceAll('|', '\\|')}\` | ${does} |`),
  )
  expect(missing).toEqual([])
})
