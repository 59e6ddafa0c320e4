import { expect, test } from 'vitest'
import { parseProcessStat } from './process-stat.ts'

test('a command with brackets and spaces in its name confuses nobody', () => {
  const line =
    '4711 (tmux: (server) 1) S 1 4711 4711 0 -1 4194560 1 0 0 0 250 50 0 0 20 0 1 0 9876 1 1 184 1 1 1'
  expect(parseProcessStat(line)).toEqual({
    pid: 4711,
    command: 'tmux: (server) 1',
    parent: 1,
    ticks: 300,
    startedAt: 9876,
  })
  expect(parseProcessStat('')).toBeUndefined()
})
