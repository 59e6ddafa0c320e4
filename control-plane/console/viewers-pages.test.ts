import { expect, test } from 'vitest'
import type { BeaconCount } from '../beacons/beacon-count.ts'
import { startTestConsole } from './start-test-console.ts'

const told = (more: Partial<BeaconCount>): BeaconCount => ({
  ...{ stream: 'harbour', pathway: 'ndepot234-g123456', kind: 'join', bucket: 16, count: 4, total: 1 },
  ...more,
})

test('joins, stalls and shares of ways are told by stream and by node, wherever the node was', async () => {
  const console = startTestConsole()
  console.told = [
    told({}),
    told({ kind: 'watched', bucket: 0, total: 5400 }),
    told({ kind: 'watched', bucket: 0, total: 1800, pathway: 'relay' }),
    told({ kind: 'refused', bucket: 0, count: 3, pathway: 'ndepot234-g999999' }),
    told({ kind: 'stall', bucket: 0, count: 2, total: 900 }),
  ]
  const page = (await console.page('/console/viewers')).replace(/\s+/g, ' ')
  expect(page).toContain('4 viewers began in the last hour')
  expect(page).toMatch(/The harbour<\/a><\/th> <td data-label="Began" class="number">4<\/td>/)
  expect(page).toMatch(
    />depot<\/a><\/th> <td data-label="Share of what was watched" class="number">75 %<\/td> <td data-label="Refused" class="number">3</,
  )
  expect(page).toMatch(/the relay<\/th> <td data-label="Share of what was watched" class="number">25 %/)
})

test('why somebody is sent somewhere is told with each way, and what cannot be asked in a sentence', async () => {
  const console = startTestConsole()
  const page = await console.page('/console/viewers?stream=harbour&address=2001:db8::1')
  expect(page).toContain('[2001:db8::7]:8084')
  expect(page).toContain('Nothing &lt;script&gt; stands before it.')
  expect(page).toContain('as number 2')
  expect(await console.page('/console/viewers?stream=harbour&address=nobody')).toContain(
    '“nobody” is no IP address.',
  )
  expect(await console.page('/console/viewers?stream=studio')).toContain(
    'studio is not live: nobody is sent anywhere.',
  )
})
