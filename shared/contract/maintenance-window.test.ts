import { expect, test } from 'vitest'
import { isDue, MaintenanceWindow, readWindow, windowText } from './maintenance-window.ts'

const window = (text: string) => MaintenanceWindow.parse(readWindow(text))

test.each([
  ['before it', 'sun 02:00 60', '2026-03-01T01:59:59Z', false],
  ['in its first second', 'sun 02:00 60', '2026-03-01T02:00:00Z', true],
  ['in its last second', 'sun 02:00 60', '2026-03-01T02:59:59Z', true],
  ['after it', 'sun 02:00 60', '2026-03-01T03:00:00Z', false],
  ['on another day', 'sun 02:00 60', '2026-03-02T02:30:00Z', false],
  ['on the second of its days', 'sun,mon 02:00 60', '2026-03-02T02:30:00Z', true],
  ['past midnight, on the day after', 'sun 23:30 60', '2026-03-02T00:15:00Z', true],
  ['past the end of the week', 'sat 23:30 60', '2026-03-01T00:15:00Z', true],
  ['by the clock of its zone in winter', 'sun 02:00 60 Europe/Berlin', '2026-03-01T01:30:00Z', true],
  ['by the clock of its zone in summer', 'sun 02:00 60 Europe/Berlin', '2026-06-28T00:30:00Z', true],
  ['a day that is another one there', 'mon 01:00 60 Asia/Tokyo', '2026-03-01T16:30:00Z', true],
  ['for a whole day', 'wed 00:00 1440', '2026-03-04T23:59:00Z', true],
])('a window is asked about %s', (_, text, at, due) => {
  expect(isDue(window(text), new Date(at))).toBe(due)
})

test('a window is written as it is read', () => {
  expect(windowText(window(' sat,sun  02:30 90 Europe/Berlin'))).toBe('sat,sun 02:30 90 Europe/Berlin')
  expect(windowText(window('sat 02:30 90'))).toBe('sat 02:30 90 UTC')
})

test.each([
  '',
  'sun',
  'sun 2:00 60',
  'sun 24:00 60',
  'sun 02:00 0',
  'sun 02:00 1441',
  'sun 02:00 60 Nowhere/X',
  'sun,sun 02:00 60',
  'xyz 02:00 60',
])('«%s» is no window', (text) => {
  expect(MaintenanceWindow.safeParse(readWindow(text)).success).toBe(false)
})
