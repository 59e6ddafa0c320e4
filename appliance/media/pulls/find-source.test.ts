import { execFile, execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, onTestFinished, test } from 'vitest'
import { findSources } from './find-source.ts'
import { readSourceUrl } from './source-url.ts'

function open() {
  const folder = mkdtempSync(join(tmpdir(), 'ingest-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const sources = findSources({
    ingestDirectory: folder,
    rtmpServer: 'rtmp://127.0.0.1:1935',
    isPublished: () => false,
    check: async () => ({ refused: 'it is an odd one' }),
  })
  const { signal } = new AbortController()
  return {
    folder,
    judge: (text: string) => sources.judge(readSourceUrl(text, 1935)),
    find: (text: string) => sources.find(readSourceUrl(text, 1935), signal),
  }
}

test('only a file that lies in the ingest folder is a source', async () => {
  const { folder, judge } = open()
  writeFileSync(join(folder, 'film.ts'), '')
  mkdirSync(join(folder, 'sub'))
  execFileSync('mkfifo', [join(folder, 'pipe.ts')])
  symlinkSync('/etc/hostname', join(folder, 'out.ts'))
  symlinkSync('film.ts', join(folder, 'in.ts'))
  await judge('film.ts')
  await judge('in.ts')
  for (const name of ['sub', 'pipe.ts', 'out.ts', 'none.ts'])
    await expect(judge(name), name).rejects.toThrow(/names no file of the ingest folder/)
})

test('an address that is refused is refused when it is asked for, and when it is opened', async () => {
  const { judge, find } = open()
  for (const scheme of ['http', 'https', 'rtmp', 'rtmps', 'rtsp', 'rtsps', 'srt']) {
    await expect(judge(`${scheme}://camera.example:9/x`)).rejects.toThrow(/an odd one/)
    expect(await find(`${scheme}://camera.example:9/x`)).toEqual({ why: expect.stringMatching(/an odd one/) })
  }
})

/** Each would show a film of the machine, if ffmpeg took it for what it says it is. */
test.each([
  ['list.ts', (film: string) => `ffconcat version 1.0\nfile '${film}'\n`],
  [
    'playlist.ts',
    (film: string) => `#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nfile:${film}\n#EXT-X-ENDLIST\n`,
  ],
])(
  'a file that names others (%s) is not followed',
  async (name, content) => {
    const { folder, find } = open()
    const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'))
    onTestFinished(() => rmSync(elsewhere, { recursive: true }))
    const film = join(elsewhere, 'film.ts')
    const picture = ['-f', 'lavfi', '-i', 'testsrc2=size=320x180:rate=25:duration=2']
    await promisify(execFile)('ffmpeg', ['-v', 'error', ...picture, '-c:v', 'mpeg2video', film])
    writeFileSync(join(folder, name), content(film))
    expect(await find(name)).toHaveProperty('why')
  },
  60_000,
)
