import { expect, test } from 'vitest'
import { Verdict } from './verdict.ts'
import { verdictText } from './verdict-words.ts'

const verdict: Verdict = {
  nodeId: 'depot2345depot2345de',
  name: 'depot',
  is: 'failed',
  steps: [
    { step: 'address', is: 'passed', found: 'Viewers are sent to 2a01::7.' },
    { step: 'probe', family: 6, is: 'failed', cause: 'Silence.', remedy: 'Open TCP 8084.' },
    { step: 'upload', is: 'skipped', cause: 'Not in this release.' },
    { step: 'segment', is: 'waiting' },
  ],
}

test('a verdict is a sentence and a line for each step, with what to do beneath it', () => {
  expect(verdictText(verdict)).toBe(`Viewers outside do not get what they need from depot.

  passed   address          Viewers are sent to 2a01::7.
  failed   probe over IPv6  Silence.
                            Open TCP 8084.
  skipped  upload           Not in this release.
  waiting  segment`)
})

test('nothing in a verdict moves the cursor', () => {
  expect(verdictText({ ...verdict, name: '\u001b[2J' })).toContain('from \\u001b[2J.')
})

test('a node reads the verdict of a control plane that knows more steps and says more', () => {
  const later = { ...verdict, score: 3, steps: [{ step: 'moon-phase', is: 'passed', moon: 'full' }] }
  expect(verdictText(Verdict.parse(later))).toContain('moon-phase')
})
