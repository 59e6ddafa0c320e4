import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Hono } from 'hono'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { publishAssets } from './assets.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sixcast-assets-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function publish(name: string, text: string) {
  await writeFile(join(folder, name), text)
  return publishAssets({ [name]: pathToFileURL(join(folder, name)) })
}

test('a script is sent without its types', async () => {
  const assets = await publish('a.ts', 'const port: number = 8080\n')
  const response = await assets.routes.request(assets.url('a.ts'))
  expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
  expect((await response.text()).replace(/ +/g, ' ')).toBe('const port = 8080\n')
})

test('what is published may be kept for ever, for its URL changes with it', async () => {
  const one = await publish('b.css', 'a { color: red }')
  const other = await publish('b.css', 'a { color: blue }')
  expect(one.url('b.css')).toMatch(/^\/assets\/b-[0-9a-f]{12}\.css$/)
  expect(one.url('b.css')).not.toBe(other.url('b.css'))
  const response = await one.routes.request(one.url('b.css'))
  expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
})

test('who understands gzip gets it', async () => {
  const assets = await publish('c.css', 'a { color: red }')
  const plain = await assets.routes.request(assets.url('c.css'))
  expect(plain.headers.get('content-encoding')).toBeNull()
  const packed = await assets.routes.request(assets.url('c.css'), {
    headers: { 'accept-encoding': 'gzip, br' },
  })
  expect(packed.headers.get('content-encoding')).toBe('gzip')
  const unpacked = packed.body?.pipeThrough(new DecompressionStream('gzip'))
  expect(await new Response(unpacked).text()).toBe('a { color: red }')
})

test('rooms publish side by side; what none of them has is not found', async () => {
  const [one, other] = [await publish('d.css', 'd'), await publish('e.css', 'e')]
  const app = new Hono().route('/', one.routes).route('/', other.routes)
  expect(await (await app.request(other.url('e.css'))).text()).toBe('e')
  expect((await app.request('/assets/d-000000000000.css')).status).toBe(404)
})

test('stripping utters no warning, and leaves the others their voice', async () => {
  const warned = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
  await publish('f.ts', 'type A = 1\n')
  expect(warned).not.toHaveBeenCalled()
  process.emitWarning('another')
  expect(warned).toHaveBeenCalledWith('another')
  warned.mockRestore()
})

test('what a script imports is sent with it, and a change there changes its own address', async () => {
  const publishWith = async (answer: number) => {
    await writeFile(join(folder, 'answer.ts'), `export const answer: number = ${answer}\n`)
    await writeFile(join(folder, 'question.ts'), "export { answer } from './answer.ts'\n")
    return publish('g.ts', "import type { Away } from './away.ts'\nimport { answer } from './question.ts'\n")
  }
  const one = await publishWith(41)
  const other = await publishWith(42)
  expect(one.url('g.ts')).not.toBe(other.url('g.ts'))
  const [question = '', answer = ''] = other.imports('g.ts')
  const sent = async (url: string) => (await other.routes.request(url)).text()
  expect(await sent(other.url('g.ts'))).toContain(`from './${question.slice('/assets/'.length)}'`)
  expect(await sent(question)).toContain(`from './${answer.slice('/assets/'.length)}'`)
  expect(await sent(answer)).toContain('answer         = 42')
})
