import { expect, test } from 'vitest'
import { parseLabOptions } from './lab-options.ts'

test('three nodes and a person, unless said otherwise', () => {
  expect(parseLabOptions([])).toEqual({
    nodes: 3,
    kinds: ['own', 'own', 'own'],
    script: undefined,
    json: false,
    help: false,
  })
  expect(parseLabOptions(['--nodes', '2', '--script', 'night.lab'])).toMatchObject({
    nodes: 2,
    script: 'night.lab',
  })
})

test('there is a node for each site that is told, and others besides when that is asked', () => {
  expect(parseLabOptions(['--sites', 'nat,ula'])).toMatchObject({ nodes: 2, kinds: ['nat', 'ula'] })
  const more = parseLabOptions(['--sites', 'nat', '--nodes', '2'])
  expect(more).toMatchObject({ nodes: 2, kinds: ['nat', 'own'] })
})

test.each([
  [['--sites', 'nat,ula', '--nodes', '1'], /--sites tells of more than 1 nodes/],
  [['--sites', 'dsl'], /--sites knows own, beside/],
  [['--nodes', '0'], /--nodes takes a number from 1 to 9, not "0"/],
  [['--nodes', '10'], /from 1 to 9/],
  [['--node', '2'], /--help lists the options/],
])('%j is refused', (args, sentence) => expect(() => parseLabOptions(args)).toThrow(sentence))
