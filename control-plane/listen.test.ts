import { once } from 'node:events'
import { connect } from 'node:net'
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import { freePort } from '../tests/setup/free-port.ts'
import { silentLog } from '../tests/setup/fresh-database.ts'
import { closeServers, listen } from './listen.ts'

test('closed servers let nobody in, and have let go of whoever was still waiting', async () => {
  const port = await freePort()
  const asked = Promise.withResolvers<void>()
  const app = new Hono().get('/', () => {
    asked.resolve()
    return new Promise<Response>(() => {})
  })
  const servers = await listen(app, { port, bind: ['127.0.0.1'], log: silentLog })
  const waiting = expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow()
  await asked.promise
  await closeServers(servers)
  await waiting
  const late = connect(port, '127.0.0.1')
  await expect(once(late, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

test('a taken port and an address of nobody are told in a sentence that says what to set', async () => {
  const port = await freePort()
  const servers = await listen(new Hono(), { port, bind: ['127.0.0.1'], log: silentLog })
  const again = (bind: string[]) => listen(new Hono(), { port, bind, log: silentLog })
  await expect(again(['127.0.0.1'])).rejects.toThrow(
    `Port ${port} of 127.0.0.1 is taken. Stop what listens there, or set PORT to another.`,
  )
  await expect(again(['192.0.2.99'])).rejects.toThrow(/is on this machine\. Set BIND/)
  await closeServers(servers)
})
