import { expect, test } from 'vitest'
import { parseLaunchOptions } from './launch-options.ts'

test('without options it is one node with the demo, on loopback, in the checkout', () => {
  expect(parseLaunchOptions([], '/checkout/.sixcast')).toEqual({
    nodes: 1,
    demo: true,
    lan: false,
    state: '/checkout/.sixcast',
    help: false,
  })
})

test('every option is heard', () => {
  expect(parseLaunchOptions(['--nodes', '3', '--no-demo', '--lan', '--state=/data'], '/x')).toMatchObject({
    nodes: 3,
    demo: false,
    lan: true,
    state: '/data',
  })
})

test.each([
  [['--nodez', '3'], /Unknown option '--nodez'/],
  [['--nodes', 'many'], /--nodes takes a number from 1 to 50, not "many"/],
  [['--nodes', '0'], /from 1/],
  [['--nodes', '51'], /to 50/],
  [['--nodes', '1.5'], /from 1/],
  [['--nodes'], /--nodes.*missing/],
  [['--lan=yes'], /--lan/],
  [['--state='], /--state takes a folder/],
  [['extra'], /extra/],
])('%j is refused in one line', (args, said) => {
  const refused = () => parseLaunchOptions(args, '/x')
  expect(refused).toThrow(said)
  expect(refused).not.toThrow(/\n/)
})
