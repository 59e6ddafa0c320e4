import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test, vi } from 'vitest'
import { probePull, readProbe } from './probe-pull.ts'

const video = {
  codec_type: 'video',
  width: 1280,
  height: 720,
  avg_frame_rate: '30000/1001',
  r_frame_rate: '30/1',
}
const audio = { codec_type: 'audio', sample_rate: '48000' }
const read = (...streams: object[]) => readProbe(JSON.stringify({ streams }), '', 'The camera')

test.each([
  [[video, audio], { width: 1280, height: 720, frameRate: 30, audio: true }],
  [[audio, video], { width: 1280, height: 720, frameRate: 30, audio: true }],
  [
    [{ ...video, avg_frame_rate: '0/0', r_frame_rate: '25/1' }],
    { width: 1280, height: 720, frameRate: 25, audio: false },
  ],
  [
    [{ ...video, side_data_list: [{ rotation: -90 }] }],
    { width: 720, height: 1280, frameRate: 30, audio: false },
  ],
  [[video, { ...audio, sample_rate: '0' }], { width: 1280, height: 720, frameRate: 30, audio: false }],
])('%j is understood', (streams, source) => {
  expect(read(...streams)).toEqual({ source })
})

test('a source without a picture is said to have none, and so is the cover of a song', () => {
  const none = { why: 'The camera sends no picture.' }
  expect(read(audio)).toEqual(none)
  expect(read({ ...video, disposition: { attached_pic: 1 } }, audio)).toEqual(none)
  expect(read({ ...video, width: 0 })).toEqual(none)
})

test.each(['', '{', '{}', '{"streams":[]}', '{"streams":7}'])('nothing is made of %j', (output) => {
  expect(readProbe(output, '', 'The camera')).toBeUndefined()
})

const run = promisify(execFile)

/** A source that says nothing, and what became of the question. */
async function askOfSilence() {
  const folder = mkdtempSync(join(tmpdir(), 'probe-'))
  const ending = new AbortController()
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const pipe = join(folder, 'pipe')
  await run('mkfifo', [pipe])
  const input = { args: ['-i', `file:${pipe}`] }
  const probed = probePull({ input, called: 'The camera', signal: ending.signal })
  const pidOf = async () => (await run('pgrep', ['-x', '-f', `ffprobe .*file:${pipe}`])).stdout.trim()
  const pid = await vi.waitFor(pidOf, { timeout: 10_000, interval: 50 })
  return { pipe, pid, probed, ending }
}

test('what reads the first bytes of a stranger has a bound to its memory', async () => {
  const { pid, probed, ending } = await askOfSilence()
  expect(readFileSync(`/proc/${pid}/limits`, 'utf8')).toMatch(/Max data size +2147483648 /)
  expect(readFileSync(`/proc/${pid}/limits`, 'utf8')).toMatch(/Max core file size +0 /)
  ending.abort()
  expect(await probed).toHaveProperty('why')
})

test('who is made to speak without end is not listened to for long', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'probe-'))
  writeFileSync(join(folder, 'ffprobe'), '#!/bin/sh\nexec yes\n', { mode: 0o755 })
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`)
  onTestFinished(() => {
    vi.unstubAllEnvs()
    rmSync(folder, { recursive: true })
  })
  const { signal } = new AbortController()
  expect(await probePull({ input: { args: [] }, called: 'The camera', signal })).toHaveProperty('why')
})
