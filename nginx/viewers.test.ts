import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { expect, onTestFinished, test } from 'vitest'
import { startNodeHttp } from './start-test-node-http.ts'

const VIEWER = '2003:e7::7'
const LOOPBACK = '127.0.0.1'
/** An address of this machine that is not loopback: what connects to it comes from it. */
const lan =
  Object.values(networkInterfaces())
    .flatMap((each) => each ?? [])
    .find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? ''

test('this machine, where a relay may run, is believed for whom it asks', async () => {
  expect(await viewerSeen({ at: LOOPBACK })).toBe(`${LOOPBACK} ${VIEWER} a player`)
})

test.runIf(lan)('nobody makes many viewers of himself by what he writes', async () => {
  expect(await viewerSeen({ at: lan })).toBe(`${lan}  a player`)
})

test.runIf(lan)('a proxy that was named is believed', async () => {
  expect(await viewerSeen({ at: lan, proxies: [VIEWER, `${lan}/32`] })).toBe(`${lan} ${VIEWER} a player`)
})

/** Whom the node counts when one asks it at `at` and says for whom. */
async function viewerSeen({ at, proxies = [] }: { at: string; proxies?: string[] }): Promise<string> {
  const folder = mkdtempSync(`${tmpdir()}/sixcast-viewers-`)
  mkdirSync(`${folder}/live/demo`, { recursive: true })
  writeFileSync(`${folder}/live/demo/index.m3u8`, '#EXTM3U\n')
  const node = await startNodeHttp(folder, [LOOPBACK, ...(lan ? [lan] : [])], proxies)
  onTestFinished(async () => {
    await node.stop()
    rmSync(folder, { recursive: true })
  })
  const headers = { 'x-forwarded-for': VIEWER, 'user-agent': 'a player' }
  expect((await fetch(`http://${at}:${node.cdn}/demo/index.m3u8`, { headers })).status).toBe(200)
  const logged = () => readFileSync(`${folder}/viewers.log`, 'utf8')
  await expect.poll(logged, { timeout: 5000 }).not.toBe('')
  return JSON.parse(logged()).viewer
}
