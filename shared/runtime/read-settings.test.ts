import { expect, test } from 'vitest'
import * as z from 'zod'
import { CannotStart } from './cannot-start.ts'
import { createLog } from './log.ts'
import { readSettings } from './read-settings.ts'

const Settings = z.object({
  SECONDS: z.coerce.number().int().min(1).default(2),
  PLACE: z.enum(['here', 'there']).optional(),
  URL: z.url(),
})
const url = 'http://127.0.0.1'

test('a setting without a value is none', () => {
  expect(readSettings(Settings, { URL: url, SECONDS: '', PLACE: '', OTHER: 'x' })).toEqual({
    URL: url,
    SECONDS: 2,
  })
})

test.each([
  [{ URL: url, SECONDS: 'abc' }, 'A setting is wrong: SECONDS must be a number.'],
  [{ SECONDS: 'abc' }, 'Settings are wrong: SECONDS must be a number; URL is missing.'],
  [{ URL: url, SECONDS: '1.5' }, 'A setting is wrong: SECONDS must be a whole number.'],
  [{ URL: url, SECONDS: '0' }, /^A setting is wrong: SECONDS: [^\n]*>=1\.$/],
  [{ URL: url, PLACE: 'nowhere' }, /^A setting is wrong: PLACE: [^\n]*"here"\|"there"\.$/],
])('%j is named in one line', (env, sentence) => {
  expect(() => readSettings(Settings, env)).toThrow(sentence)
})

test('all that are wrong are named', () => {
  const names = ['A', 'B', 'C', 'D', 'E', 'F']
  const Many = z.object(Object.fromEntries(names.map((name) => [name, z.string()])))
  expect(() => readSettings(Many, {})).toThrow(
    `Settings are wrong: ${names.map((name) => `${name} is missing`).join('; ')}.`,
  )
})

test('it is logged in one line without a stack', () => {
  const lines: string[] = []
  createLog('unit', (line) => lines.push(line)).error('the unit cannot start', new CannotStart('A sentence.'))
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { level: 'error', unit: 'unit', event: 'the unit cannot start', cause: 'A sentence.' },
  ])
})
