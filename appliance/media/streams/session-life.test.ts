import { expect, test } from 'vitest'
import { sessionLife } from './session-life.ts'
import type { SessionState } from './session-state.ts'

test('what media left open is closed before it ends', () => {
  const acts: string[] = []
  const life = sessionLife({
    state: { name: 'waiting', since: performance.now(), isOpen: true },
    rules: { silentMs: 6000, staleMs: 600_000 },
    acted: (action) => acts.push(action),
    turned: () => {},
  })
  life.finish()
  expect(acts).toEqual(['close', 'end'])
})

test('an end is told of, and happens once, also when it could not be carried out', () => {
  const told: SessionState['name'][] = []
  const life = sessionLife({
    state: { name: 'waiting', since: Number.NEGATIVE_INFINITY },
    rules: { silentMs: 6000, staleMs: 600_000 },
    acted(action) {
      if (action === 'end') throw new Error('no space left on device')
    },
    turned: ({ name }) => told.push(name),
  })
  expect(() => life.handle('tick')).toThrow('no space left')
  life.handle('tick')
  expect([life.state().name, told]).toEqual(['ended', ['ended']])
})
