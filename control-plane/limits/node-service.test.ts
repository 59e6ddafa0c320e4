import { expect, test } from 'vitest'
import { SERVICES, type Service, type ServiceWord, serviceWord } from './node-service.ts'

type Facts = Parameters<typeof serviceWord>[0]
type Meaning = [viewers: Service['viewers'], alarms: boolean, counts: boolean]

test.each<[string, Facts, ServiceWord, Meaning]>([
  ['nobody has looked at', {}, 'pending', ['doubted', true, true]],
  ['is watched for too short a time', { standing: 'pending' }, 'pending', ['doubted', true, true]],
  ['is well', { standing: 'healthy' }, 'healthy', ['sent', true, true]],
  ['was told to serve', { standing: 'healthy', duty: 'serving' }, 'healthy', ['sent', true, true]],
  ['may be failing', { standing: 'suspect' }, 'suspect', ['doubted', true, true]],
  ['comes and goes', { standing: 'flapping' }, 'flapping', ['doubted', true, true]],
  ['viewers do not reach', { standing: 'unreachable' }, 'unreachable', ['none', true, true]],
  ['is off', { standing: 'offline' }, 'offline', ['none', true, true]],
  ['is being emptied', { standing: 'healthy', duty: 'draining' }, 'draining', ['emptied', true, true]],
  [
    'is being emptied and in doubt',
    { standing: 'suspect', duty: 'draining' },
    'draining',
    ['emptied', true, true],
  ],
  [
    'is being emptied and goes off',
    { standing: 'offline', duty: 'draining' },
    'offline',
    ['none', true, true],
  ],
  [
    'somebody works on',
    { standing: 'healthy', duty: 'maintenance' },
    'maintenance',
    ['emptied', false, false],
  ],
  [
    'is switched off while somebody works on it',
    { standing: 'offline', duty: 'maintenance' },
    'maintenance',
    ['emptied', false, false],
  ],
  [
    'has a double',
    { quarantined: true, standing: 'healthy', duty: 'maintenance' },
    'quarantined',
    ['none', true, false],
  ],
  [
    'was taken out',
    { retired: true, quarantined: true, standing: 'healthy', duty: 'draining' },
    'retired',
    ['none', false, false],
  ],
])('a node that %s', (_, facts, word, [viewers, alarms, counts]) => {
  expect(serviceWord(facts)).toBe(word)
  expect(SERVICES[word]).toEqual({ viewers, alarms, counts })
})

test('there are ten words', () => {
  expect(Object.keys(SERVICES)).toHaveLength(10)
})
