import { expect, test } from 'vitest'
import { limitsIn, planSteps, settingsAfter } from './plan-steps.ts'

test.each([
  ['a limit of media', {}, { mostStreams: 2 }, { setting: 'mostStreams', act: 'media', value: 2 }],
  ['another one', { mostStreams: 1 }, { mostStreams: 2 }, { setting: 'mostStreams', act: 'media', value: 2 }],
  ['one that is taken back', { mostStreams: 1 }, {}, { setting: 'mostStreams', act: 'media' }],
  ['the same as before', { mostStreams: 1 }, { mostStreams: 1 }, { act: 'nothing', outcome: 'unchanged' }],
  ['a matter of steering', {}, { duty: 'draining' }, { act: 'control-plane', value: 'draining' }],
  ['the control plane’s address', {}, { controlPlaneUrl: 'https://x.example' }, { act: 'agent' }],
  ['what no release can do yet', {}, { release: '2.0' }, { act: 'nothing', outcome: 'unsupported' }],
  ['what a later release knows', {}, { colour: 'red' }, { act: 'nothing', outcome: 'unsupported' }],
  ['a value of no use', {}, { mostStreams: -1 }, { act: 'nothing', outcome: 'rejected' }],
  ['a value of a later release', {}, { duty: 'asleep' }, { act: 'nothing', outcome: 'rejected' }],
])('%s is planned', (_, have, want, step) => {
  expect(planSteps(have, want)).toEqual([expect.objectContaining(step)])
})

test('why a part is rejected is said, and the others are done', () => {
  const have = { mostStreams: 3, duty: 'serving' }
  const steps = planSteps(have, { mostStreams: 'many', tallestQuality: '480p', constructor: 1 })
  expect(steps).toMatchObject([
    { setting: 'mostStreams', outcome: 'rejected', why: 'mostStreams must be a number' },
    { setting: 'tallestQuality', act: 'media' },
    { setting: 'constructor', outcome: 'unsupported' },
    { setting: 'duty', act: 'control-plane' },
  ])
  expect(settingsAfter(have, steps)).toEqual({ mostStreams: 3, tallestQuality: '480p' })
})

test('media is told what is its own alone', () => {
  expect(limitsIn({ mostStreams: 3, duty: 'draining', mostRenditions: 2 })).toEqual({
    mostStreams: 3,
    mostRenditions: 2,
  })
})
