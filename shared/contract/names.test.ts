import { expect, test } from 'vitest'
import { NodeName, StreamName } from './names.ts'

test.each(['node-1', 'Küche 2', 'a', '客厅'])('%j is a name for a node', (name) => {
  expect(NodeName.safeParse(name).success).toBe(true)
})

test.each(['', ' ', ' a', 'a ', 'a\nb', 'a\u001b[31mb', 'a\u2028b', 'a\u0000', 'x'.repeat(101)])(
  '%j is no name for a node',
  (name) => {
    expect(NodeName.safeParse(name).success).toBe(false)
  },
)

test.each(['golive', 'A-b_9', 'x'.repeat(64)])('%j is a name for a stream', (name) => {
  expect(StreamName.safeParse(name).success).toBe(true)
})

test.each(['', '-a', '_a', '.git', 'a/b', 'a b', 'я', 'a\n', 'x'.repeat(65)])(
  '%j is no name for a stream',
  (name) => {
    expect(StreamName.safeParse(name).success).toBe(false)
  },
)
