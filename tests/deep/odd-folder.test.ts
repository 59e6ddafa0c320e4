import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { expectStatus } from '../system/eventually.ts'
import { launch, run } from '../system/start-test-fleet.ts'

test('a checkout starts from a folder whose name has a space, an umlaut or what means something to nginx or in a URL', async () => {
  const checkout = resolve(import.meta.dirname, '../..')
  const folder = mkdtempSync(join(tmpdir(), 'sixcast-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const copy = join(folder, "Jürgen's code; {1} 100%20 #2?")
  for (const room of ['provisioning', 'nginx', 'control-plane', 'appliance', 'shared'])
    cpSync(join(checkout, room), join(copy, room), { recursive: true })
  symlinkSync(join(checkout, 'node_modules'), join(copy, 'node_modules'))

  const fleet = launch([], {}, copy)
  await fleet.says(/Press Ctrl-C/, 90_000)
  await expectStatus('http://127.0.0.1:8080/demo/index.m3u8', 200)
  const operate = join(copy, 'provisioning/operate.ts')
  expect((await run(process.execPath, [operate, 'stream', 'list'])).text).toMatch(/demo +live/)
  expect(await fleet.stop()).toBe(0)
})
