import { expect, test } from 'vitest'
import { createLog } from './log.ts'

test('what a stranger wrote moves no cursor and turns no text round, and is still what he wrote', () => {
  const lines: string[] = []
  const log = createLog('unit', (line) => lines.push(line))
  const address = '\u001b[2J \u009b2J \u007f one\ntwo a\u202eb \u2066c \u2028 Jürgen'
  log.info('publishing refused', { address })
  log.error('broken', new Error(address))
  expect(lines).toHaveLength(2)
  for (const line of lines) expect(line).toMatch(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+\n$/u)
  expect(JSON.parse(lines[0] ?? '')).toEqual({
    level: 'info',
    unit: 'unit',
    event: 'publishing refused',
    address,
  })
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({ level: 'error', cause: address })
})
