import { expect, test } from 'vitest'
import { readTracks } from './stream-tracks.ts'

const rendition = (changes: object = {}) => ({
  id: 'v480',
  codecs: 'avc1.64001f,mp4a.40.2',
  bandwidth: 1_330_000,
  averageBandwidth: 1_128_000,
  ...changes,
})
const audio = { id: 'sound', codecs: 'mp4a.40.5', channels: 2 }
const read = (stored: unknown) => readTracks(JSON.stringify(stored))

test('renditions and the audio beside them are read as they were told', () => {
  expect(read({ renditions: [rendition()], audio })).toEqual({ renditions: [rendition()], audio })
})

test('the audio of a node that does not tell of it is known from its codecs', () => {
  const guessed = { id: 'audio', codecs: 'mp4a.40.2', channels: 2 }
  expect(read([rendition()])).toEqual({ renditions: [rendition()], audio: guessed })
  expect(read({ renditions: [rendition()] }).audio).toEqual(guessed)
  expect(read([rendition({ codecs: 'avc1.64001f' })])).not.toHaveProperty('audio')
})

test.each([
  ['a quotation mark in its id', { id: 'v"480' }],
  ['a line end in its id', { id: 'v480\n#EXT' }],
  ['a path for an id', { id: '../v480' }],
  ['a quotation mark in its codecs', { codecs: 'avc1",URI="http://elsewhere' }],
  ['no bandwidth', { bandwidth: undefined }],
])('a rendition with %s is left out', (_, changes) => {
  expect(read({ renditions: [rendition(changes), rendition({ id: 'v360' })] }).renditions).toMatchObject([
    { id: 'v360' },
  ])
})

test('audio that cannot stand in a playlist is taken for untold', () => {
  expect(read({ renditions: [rendition()], audio: { ...audio, id: 'a"b' } }).audio).toMatchObject({
    id: 'audio',
  })
})
