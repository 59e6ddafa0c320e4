import { expect, test } from 'vitest'
import { parseLabOptions } from './lab-options.ts'

test('three nodes and a person, unless said otherwise', () => {
  expect(parseLabOptions([])).toEqual({ nodes: 3, script: undefined, json: false, help: false })
  expect(parseLabOptions(['--nodes', '2', '--script', 'night.lab'])).toMatchObject({
    nodes: 2,
    script: 'night.lab',
  })
})

test.each([
  [['--nodes', '0'], /--nodes takes a number from 1 to 9, not "0"/],
  [['--nodes', '10'], /from 1 to 9/],
  [['--node', '2'], /--help lists the options/],
])('%j is refused', (args, sentence) => expect(() => parseLabOptions(args)).toThrow(sentence))
