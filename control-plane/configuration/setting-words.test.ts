import { NodeSettings } from '@sixcast/shared/contract/configuration.ts'
import { expect, test } from 'vitest'
import { butForWords, changeWords, readSetting, SETTINGS, settingText } from './setting-words.ts'

const settings: Required<NodeSettings> = {
  release: '1.4.2',
  tallestQuality: '720p',
  mostRenditions: 3,
  mostStreams: 0,
  mostViewers: 200,
  mostBitsPerSecond: 20_000_000,
  duty: 'draining',
  maintenanceWindows: [
    { days: ['sat', 'sun'], from: '02:30', minutes: 90, zone: 'Europe/Berlin' },
    { days: ['wed'], from: '12:00', minutes: 5, zone: 'UTC' },
  ],
  controlPlaneUrl: 'https://fleet.example',
}

test.each(SETTINGS)('%s is read as it is written', (name) => {
  expect(readSetting(name, settingText(name, settings[name]))).toEqual(settings[name])
})

test('numbers may be written in groups, and what is none is left for the schema to refuse', () => {
  expect(readSetting('mostBitsPerSecond', '20_000_000')).toBe(20_000_000)
  expect(NodeSettings.safeParse({ mostViewers: readSetting('mostViewers', 'many') }).success).toBe(false)
})

test('nothing typed takes a setting back', () => {
  expect(readSetting('duty', ' ')).toBeUndefined()
})

test('a change is told in words, setting by setting, those of another release too', () => {
  expect(changeWords({}, { tallestQuality: '720p', later: { x: 1 } })).toEqual([
    'tallestQuality: not set → 720p',
    'later: not set → {"x":1}',
  ])
  expect(changeWords({ ...settings }, { ...settings, duty: undefined, mostStreams: 2 })).toEqual([
    'mostStreams: 0 → 2',
    'duty: draining → not set',
  ])
  expect(changeWords(settings, settings)).toEqual([])
})

test('what a node has not taken of a version is named', () => {
  const step = (setting: string, outcome: 'applied' | 'rejected' | 'unsupported') => ({ setting, outcome })
  expect(butForWords([step('duty', 'applied')])).toBe('')
  expect(butForWords([step('duty', 'rejected'), step('later', 'unsupported')])).toBe(', but for duty, later')
  expect(butForWords(undefined)).toBe('')
})
