import { expect, test } from 'vitest'
import { readRtmpStat } from './rtmp-stat.ts'

const publisher = '<client><id>12</id><address>::1</address><bytes>9</bytes><publishing/><active/></client>'
const player = '<client><id>13</id><address>::1</address></client>'
const video =
  '<video><width>854</width><height>480</height><frame_rate>29.970</frame_rate><codec>H264</codec><profile>High</profile></video>'
const audio = '<audio><codec>AAC</codec><profile>LC</profile><channels>2</channels></audio>'

test('publishers are found in all applications, with what is known of their tracks', () => {
  expect(readRtmpStat(stat(stream('cam', player + publisher, video + audio)))).toEqual([
    {
      app: 'stream',
      name: 'cam',
      clientId: '12',
      bytesIn: 718_256,
      video: { width: 854, height: 480, frameRate: 29.97, codec: 'H264', isDoubtful: false },
      audio: true,
    },
  ])
})

test.each([
  ['no picture yet', '', { video: undefined, audio: false }],
  ['no sound', `${video}<audio></audio>`, { audio: false }],
  ['no size yet', '<video><width>0</width><height>0</height></video>', { video: undefined }],
  ['no frame rate', '<video><width>640</width><height>360</height></video>', { video: { frameRate: 0 } }],
  ['colours that are not told', video.replace(/<profile>.*<.profile>/, ''), { video: { isDoubtful: true } }],
  ['another coding', video.replace('H264', 'H263'), { video: { isDoubtful: false } }],
])('a publisher may have %s', (_, meta, expected) => {
  expect(readRtmpStat(stat(stream('cam', publisher, meta)))).toMatchObject([expected])
})

test.each([
  ['comes', { age: 60_000, sound: 42_048, picture: 726_872 }, true],
  ['stopped', { age: 60_000, sound: 0, picture: 726_872 }, false],
  ['is not measured yet', { age: 24_000, sound: 0, picture: 726_872 }, true],
  ['stopped with the picture', { age: 60_000, sound: 0, picture: 0 }, true],
])('sound that was announced %s', (_, { age, sound, picture }, expected) => {
  const client = publisher.replace('<bytes>', `<time>${age}</time><bytes>`)
  const rates = `<bw_audio>${sound}</bw_audio>\n<bw_video>${picture}</bw_video>\n`
  expect(readRtmpStat(stat(stream('cam', rates + client, video + audio)))).toMatchObject([
    { audio: expected },
  ])
})

test('who only plays is no publisher, and a name outside our alphabet is nobody’s stream', () => {
  expect(readRtmpStat(stat(stream('cam', player, video)))).toEqual([])
  expect(readRtmpStat(stat(stream('../etc', publisher, video)))).toEqual([])
  expect(readRtmpStat('')).toEqual([])
})

function stream(name: string, clients: string, meta: string) {
  return `<stream>\n<name>${name}</name>\n<time>1</time><bytes_in>718256</bytes_in>\n${clients}\n<meta>${meta}</meta></stream>`
}

/** In the order of nginx-rtmp 1.2.2. */
function stat(streams: string) {
  const application = (name: string, inside: string) =>
    `<application>\n<name>${name}</name>\n<live>\n${inside}<nclients>1</nclients>\n</live>\n</application>\n`
  return `<rtmp>\n<bytes_in>1</bytes_in><server>\n${application('live', '')}${application('stream', streams)}</server></rtmp>`
}
