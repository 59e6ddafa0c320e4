import { expect, test } from 'vitest'
import { SERIES_NAMES } from '../history/series.ts'
import { startTestConsole } from './start-test-console.ts'

const NODE = 'depot2345depot2345de'
const all = SERIES_NAMES.map((name) => ['series', name] as [string, string])

test('the page says how nodes are measured, who gives nothing and why, and what keeping it takes', async () => {
  const page = await startTestConsole().page('/console/measurements')
  expect(page).toContain('has given none for')
  expect(page).toContain('It answered &lt;script&gt;.')
  expect(page).toContain('It is asked every 30 seconds at 10.8.0.7.')
  expect(page).toMatch(/With the nodes of today it grows to about \d/)
})

test('every node is asked as the form says; all values are no choice', async () => {
  const console = startTestConsole()
  const form: [string, string][] = [
    ['how', 'pulled'],
    ['seconds', '30'],
    ['port', ''],
  ]
  const answer = await console.post('/console/measurements', [...form, ...all])
  expect([answer.status, console.done]).toEqual([303, [['measure all', { pulled: true, seconds: 30 }]]])
})

test('one node is asked at another place for some values, or as the fleet', async () => {
  const console = startTestConsole()
  const path = `/console/nodes/${NODE}/measurements`
  const form: [string, string][] = [
    ['how', 'pulled'],
    ['seconds', '30'],
    ['address', '10.8.0.7'],
    ['port', '8083'],
  ]
  await console.post(path, [...form, ['series', 'cpu'], ['series', 'memory']])
  await console.post(path, { how: 'fleet', seconds: '30', series: 'cpu' })
  const rule = { pulled: true, seconds: 30, address: '10.8.0.7', port: 8083, series: ['cpu', 'memory'] }
  expect(console.done).toEqual([
    ['measure', NODE, rule],
    ['measure', NODE, undefined],
  ])
})
