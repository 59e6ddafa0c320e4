import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveSocket } from '@sixcast/shared/runtime/serve-socket.ts'
import { expect, test } from 'vitest'
import { refusedStart } from '../../tests/setup/refused-start.ts'

test('a second media on the same socket does not start, and leaves the first and its state alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'media-'))
  const socket = join(folder, 'media.sock')
  const first = await serveSocket((_, response) => response.end(), socket)
  const { code, lines } = await refusedStart(join(import.meta.dirname, 'main.ts'), {
    STATE_DIRECTORY: join(folder, 'state'),
    RUNTIME_DIRECTORY: folder,
    LIVE_DIRECTORY: join(folder, 'live'),
    RTMP_URL: 'rtmp://127.0.0.1:1935/stream',
  })
  expect(code).toBe(1)
  expect(lines.join('\n')).toContain(`Another process already answers at ${socket}.`)
  expect([existsSync(socket), existsSync(join(folder, 'state'))]).toEqual([true, false])
  await first.close()
  rmSync(folder, { recursive: true })
}, 30_000)
