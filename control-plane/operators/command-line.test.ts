import { expect, test } from 'vitest'
import { npmCommand, readCommandLine } from './command-line.ts'

test('a command is read with what it takes', () => {
  expect(
    readCommandLine(['stream', 'add', 'studio', '--open', '--title', 'The studio', '--state=/s']),
  ).toEqual({
    name: 'stream add',
    operands: ['studio'],
    options: { open: true, title: 'The studio', state: '/s' },
    json: false,
  })
  expect(readCommandLine(['claim', '--hours', '2', '--json'])).toMatchObject({ name: 'claim', json: true })
})

test('what stands alone may also take a word', () => {
  expect(readCommandLine(['claim'])).toMatchObject({ name: 'claim', operands: [] })
  expect(readCommandLine(['claim', 'list'])).toMatchObject({ name: 'claim list', operands: [] })
  expect(readCommandLine(['claim', 'revoke', 'c1'])).toMatchObject({ name: 'claim revoke', operands: ['c1'] })
})

test.each([[['stream', '--help']], [['--help']], [['nonsense', '-h']]])('%j asks for help', (args) => {
  expect(readCommandLine(args)).toBe('help')
})

test.each([
  [[], /no command/],
  [['nope'], /There is no command nope\./],
  [['stream'], /stream alone says too little: it takes list, add, describe, key, revoke or mirrors\./],
  [['stream', 'lst'], /no command stream lst: stream takes list, add/],
  [['stream', 'key'], /stream key takes NAME\./],
  [['stream', 'revoke', 'studio'], /takes NAME and KEY_ID\./],
  [['claim', 'now'], /claim takes nothing more\./],
  [['claim', 'revoke'], /claim revoke takes ID\./],
  [['claim', 'list', '--hours', '3'], /claim list has no option --hours\./],
  [['stream', 'list', '--frob'], /stream list has no option --frob\./],
  [['stream', 'list', '--hours', '3'], /stream list has no option --hours\./],
  [['stream', 'list', '--copies', '2'], /stream list has no option --copies\./],
  [['fleet'], /fleet alone says too little: it takes mirrors\./],
  [['stream', 'list', '-x'], /no option -x\./],
  [['stream', 'list', '--state'], /--state takes a value\./],
  [['stream', 'list', '--state', '--json'], /--state takes a value\./],
  [['stream', 'list', '--json=yes'], /--json takes no value\./],
  [['constructor'], /no command constructor/],
])('%j is refused in a sentence that says where help is', (args, said) => {
  expect(() => readCommandLine(args)).toThrow(said)
  expect(() => readCommandLine(args)).toThrow(/npm run \w+ -- --help lists the commands\.$/)
})

test.each([
  [['claim', 'foo'], 'claim'],
  [['node'], 'node'],
  [['node', 'list', '--frob'], 'node'],
  [['stream', 'lst'], 'stream'],
  [['nope'], 'stream'],
])('help for %j is where it was typed', (args, script) => {
  expect(() => readCommandLine(args)).toThrow(`npm run ${script} -- --help lists the commands.`)
})

test('a command can be pasted into a shell', () => {
  expect(npmCommand(['start'], '/data')).toBe('npm start -- --state /data')
  expect(npmCommand(['password'])).toBe('npm run password')
  expect(npmCommand(['password'], '/data')).toBe('npm run password -- --state /data')
  expect(npmCommand(['stream', 'key', 'studio'])).toBe('npm run stream -- key studio')
  expect(npmCommand(['node', 'list'], "/my data/it's")).toBe(
    `npm run node -- list --state '/my data/it'\\''s'`,
  )
})
