import { expect, test } from 'vitest'
import { choiceSentence, lackSentence } from './mirror-words.ts'
import type { Lack } from './plan-mirrors.ts'
import type { StreamMirrors } from './stream-mirrors.ts'

test.each<[Lack, number, string]>([
  [{ obstacles: [] }, 1, 'No second node stands healthy.'],
  [{ obstacles: ['offline', 'quarantined'] }, 2, 'No third node stands healthy.'],
  [
    { obstacles: ['offline', 'reach', 'limit'] },
    1,
    'No second node can copy it: who stands healthy copies 20 streams already, as many as it may or has no address of a family in which the origin is found.',
  ],
  [
    { nodeId: 'd', obstacles: ['unreachable'] },
    1,
    'depot does not copy it: it cannot be reached by viewers.',
  ],
  [
    { nodeId: 'd', obstacles: ['origin'] },
    1,
    'depot does not copy it: it is the one that the stream is published to.',
  ],
  [
    { obstacles: ['unfound-origin'] },
    1,
    'No probe has found the node that the stream is published to yet, so nobody can copy from it.',
  ],
])('%j with %d copies is said in a sentence', (lack, copies, sentence) => {
  expect(lackSentence(lack, copies, () => 'depot')).toBe(sentence)
})

test.each<[Partial<StreamMirrors>, string]>([
  [{}, 'By the fleet’s rule golive is only on the node that it is published to.'],
  [{ choice: { copies: 1 } }, 'golive is only on the node that it is published to.'],
  [
    { rule: { copies: 2 } },
    'By the fleet’s rule golive is to be on 2 nodes, the one that it is published to counted.',
  ],
  [
    {
      choice: { nodes: ['a', 'b'] },
      named: [
        { id: 'a', name: 'attic' },
        { id: 'b', name: 'barn' },
      ],
    },
    'golive is to be copied by attic and barn.',
  ],
])('%j is said in a sentence', (said, sentence) => {
  expect(choiceSentence('golive', { rule: { copies: 1 }, holders: [], lacks: [], ...said })).toBe(sentence)
})
