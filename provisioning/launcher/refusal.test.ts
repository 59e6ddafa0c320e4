import { expect, test } from 'vitest'
import { Refusal, refusalSentence } from './refusal.ts'

const failure = (code: string, message: string) => Object.assign(new Error(message), { code })

test.each([
  [new Refusal('Port 80 is taken.'), 'Port 80 is taken.'],
  [
    failure('ENOSPC', 'ENOSPC: no space left on device, write'),
    'The disk is full: ENOSPC: no space left on device, write.',
  ],
  [
    failure('EROFS', "EROFS: read-only file system, mkdir '/x'"),
    "This folder or file cannot be written: EROFS: read-only file system, mkdir '/x'.",
  ],
  [new Error('odd', { cause: new Error('deep') }), 'Sixcast cannot start: odd: deep'],
])('%s is said in a sentence', (error, sentence) => {
  expect(refusalSentence(error)).toBe(sentence)
})
