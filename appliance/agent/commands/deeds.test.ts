import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Diagnostics } from '@sixcast/shared/contract/node-command.ts'
import { afterAll, expect, test } from 'vitest'
import { collectDiagnostics } from './collect-diagnostics.ts'
import { findUnit } from './find-unit.ts'
import { identify } from './identify.ts'
import { restartUnit } from './restart-unit.ts'
import { withoutSecrets } from './without-secrets.ts'

const folder = mkdtempSync(join(tmpdir(), 'sixcast-deeds-'))
afterAll(() => rmSync(folder, { recursive: true }))
const { signal } = new AbortController()
const order = (unit?: string) => ({ id: 'a'.repeat(12), name: 'x', timeoutSeconds: 9, ...(unit && { unit }) })

test('a unit is ended, and has come back when another process answers', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  await once(child, 'spawn')
  let after: number | undefined
  child.once('exit', () => (after = 4242)) // as its supervisor would have it
  const restart = restartUnit({
    pidOf: () => after ?? child.pid,
    answers: async () => after !== undefined,
    endAgent: () => {},
  })
  expect(await restart(order('media'), signal)).toBe(
    `media has started anew (process ${child.pid} is now 4242) and answers.`,
  )
  expect(child.signalCode).toBe('SIGTERM')
})

test.each([
  ['database', 'This node has no unit database.'],
  ['nginx', 'The agent may not restart nginx: it belongs to another user of this machine.'],
])('%s cannot be restarted, and the node says why', async (unit, sentence) => {
  const terminate = () => {
    throw Object.assign(new Error('kill EPERM'), { code: 'EPERM' })
  }
  const restart = restartUnit({ pidOf: () => 1, answers: async () => true, endAgent: () => {}, terminate })
  await expect(restart(order(unit), signal)).rejects.toThrow(sentence)
})

test('the process that leads a unit is found among those of several nodes', () => {
  const process = (pid: number, line: string, environ = '') => {
    mkdirSync(join(folder, 'proc', String(pid)), { recursive: true })
    writeFileSync(join(folder, 'proc', String(pid), 'cmdline'), line.replaceAll(' ', '\0'))
    writeFileSync(join(folder, 'proc', String(pid), 'environ'), environ)
  }
  process(10, 'nginx: master process nginx -p /run/node-1/nginx/ -c /run/node-1/nginx/node-http.conf')
  process(11, 'nginx: worker process')
  process(12, 'nginx: master process nginx -p /run/node-2/nginx/ -c /run/node-2/nginx/node-http.conf')
  process(13, 'nginx: master process nginx -p /run/node-1/nginx/ -c /run/node-1/nginx/node-rtmp.conf')
  process(14, 'node /x/appliance/media/main.ts', 'RUNTIME_DIRECTORY=/run/node-2')
  process(15, 'node /x/appliance/media/main.ts', 'RUNTIME_DIRECTORY=/run/node-1')
  const found = (['nginx', 'rtmp', 'media'] as const).map((unit) =>
    findUnit(unit, '/run/node-1', join(folder, 'proc')),
  )
  expect(found).toEqual([10, 13, 15])
  expect(findUnit('rtmp', '/run/node-2', join(folder, 'proc'))).toBeUndefined()
})

test('the light blinks and is given back to what switched it before; without one, the log speaks', async () => {
  const lines: string[] = []
  const log = { info: (event: string) => void lines.push(event) }
  const light = join(folder, 'leds', 'ACT')
  mkdirSync(light, { recursive: true })
  writeFileSync(join(light, 'trigger'), 'none timer [mmc0] heartbeat')
  writeFileSync(join(light, 'brightness'), '0')
  const given = { name: () => 'depot', log, blinks: 4, blinkMs: 5 }
  expect(await identify({ ...given, folder: join(folder, 'leds') })(order(), signal)).toMatch(
    /^Its light blinked/,
  )
  expect(readFileSync(join(light, 'trigger'), 'utf8')).toBe('mmc0')
  expect(await identify({ ...given, folder: join(folder, 'none') })(order(), signal)).toMatch(/no light/)
  expect(lines).toEqual(['it is me', 'it is me'])
})

test('diagnostics hold what is known and the tails of the logs, bounded, without secrets', async () => {
  const path = join(folder, 'node-1-media.log')
  writeFileSync(
    path,
    `${'old line\n'.repeat(40_000)}{"event":"pull","url":"rtsp://cam:hunter2@10.0.0.9/live?token=abc"}\n`,
  )
  const sent: Diagnostics[] = []
  const collect = collectDiagnostics({
    facts: { versions: () => ({ sixcast: '1' }), broken: () => Promise.reject(new Error('not today')) },
    logFiles: [path, join(folder, 'absent.log')],
    upload: async (_, bundle) => {
      sent.push(bundle)
      return { kind: 'accepted', body: {} }
    },
  })
  expect(await collect(order(), signal)).toBe(
    '4 sections were sent: versions, broken, node-1-media.log, absent.log.',
  )
  const [versions, broken, log, absent] = sent[0]?.sections ?? []
  expect([versions?.text, broken?.text, absent?.text]).toEqual([
    expect.stringContaining('"sixcast": "1"'),
    'not today',
    expect.stringContaining('ENOENT'),
  ])
  expect(log?.text.length).toBeLessThan(150_000)
  expect(log?.text).toMatch(/^old line\n/)
  expect(log?.text).toContain('rtsp://***@10.0.0.9/live?***')
})

test.each([
  ['a word', 'a'],
  ['dashes', '-_'],
  ['URLs', '://'],
  ['equals', 'key='],
])('a long line of %s holds nobody up', (_, piece) => {
  const begun = performance.now()
  withoutSecrets(piece.repeat(150_000 / piece.length))
  expect(performance.now() - begun).toBeLessThan(3000)
})

test.each([
  '{"keyframe":2,"monkey":"wrench"}',
  'keyboard: ok',
  '2026-11-30T12:00:00Z media: the connection to camera-1 is lost',
])('%s is left as it is', (line) => {
  expect(withoutSecrets(line)).toBe(line)
})

test.each([
  ['publish golive?key=s3cret', 's3cret'],
  ['{"name":"x","key":"s3cret","open":false}', 's3cret'],
  ['"{\\"password\\":\\"s3cret\\"}"', 's3cret'],
  ['Authorization: Bearer s3cret', 's3cret'],
  ['cookie: sixcast=s3cret', 's3cret'],
  ['the claim sixcast-claim-1.s3cret is', 's3cret'],
  ['rtmp://u:s3cret@host/app', 's3cret'],
  ['https://host/x?sig=s3cret', 's3cret'],
  ['-----BEGIN PRIVATE KEY----- s3cret -----END PRIVATE KEY-----', 's3cret'],
  ['stream_key = s3cret', 's3cret'],
  ['passphrase=s3cret', 's3cret'],
  ['apikey=s3cret', 's3cret'],
  ['privateKey: s3cret', 's3cret'],
  ['{"mqttPassword":"s3cret"}', 's3cret'],
  ['{"accessToken":"a s3cret b"}', 's3cret'],
  ['password: "two s3cret words"', 's3cret'],
  ["password = 'two s3cret words'", 's3cret'],
  ['password=a,s3cret', 's3cret'],
  ['Cookie: a=b; sixcast=s3cret', 's3cret'],
  ['Authorization: Digest username=a, response=s3cret', 's3cret'],
  ['http://u:p/s3cret@host/x', 's3cret'],
  ['https://live.example/verdict/s3cret-s3cret-s3cret-s3cret', 's3cret'],
  ['-----BEGIN PRIVATE KEY-----\ns3cret\nmore\n-----END PRIVATE KEY-----', 's3cret'],
  ['-----BEGIN EC PRIVATE KEY-----\ns3cret', 's3cret'],
])('%s is masked', (line, secret) => {
  expect(withoutSecrets(line)).not.toContain(secret)
  expect(withoutSecrets(`keyboard ok\n${line}`)).toMatch(/^keyboard ok\n.*\*\*\*/)
})
