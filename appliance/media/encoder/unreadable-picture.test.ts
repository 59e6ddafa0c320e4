import { expect, test } from 'vitest'
import { cannotRead } from './unreadable-picture.ts'

const nowhere =
  "Stream specifier ':v:0' in filtergraph description [0:v:0]fps=25,split=2[a][b] matches no streams."
const unknown = 'Decoder (codec none) not found for input stream #0:1'

test.each([
  ['an unknown picture', [unknown], true, true],
  ['an unknown picture without sound', [unknown], false, true],
  ['a picture that is not found beside the sound', [nowhere], true, true],
  ['the same of a long ladder, whose line is cut', [nowhere.slice(0, 70)], true, true],
  ['a silent picture whose first key frame was awaited too shortly', [nowhere], false, false],
  ['a source that has gone', ['rtmp://127.0.0.1/stream/cam: Input/output error'], true, false],
])('%s', (_, said, audio, unreadable) => {
  expect(cannotRead(said, audio)).toBe(unreadable)
})
