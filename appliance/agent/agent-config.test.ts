import { join } from 'node:path'
import { expect, test } from 'vitest'
import { refusedStart } from '../../tests/setup/refused-start.ts'

const env = { STATE_DIRECTORY: '/nowhere/state', RUNTIME_DIRECTORY: '/nowhere/run' }

test('a wrong setting is named by the process in one line without a stack', async () => {
  const { code, stderr, lines } = await refusedStart(join(import.meta.dirname, 'main.ts'), {
    ...env,
    RTMP_PORT: 'abc',
  })
  expect([code, stderr]).toEqual([1, ''])
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    {
      level: 'error',
      unit: 'agent',
      event: 'the agent cannot start',
      cause: 'A setting is wrong: RTMP_PORT must be a number.',
    },
  ])
})
