import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { onTestFinished } from 'vitest'

export type Letter = { from: string; to: string[]; text: string }

/** For tests: a real SMTP server that keeps what it is given. */
export async function startTestSmtp(
  options: SMTPServerOptions = {},
  at: { host?: string; port?: number } = {},
) {
  const letters: Letter[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    ...options,
    async onData(stream, { envelope }, done) {
      const raw = await text(stream)
      const from = envelope.mailFrom ? envelope.mailFrom.address : ''
      letters.push({ from, to: envelope.rcptTo.map(({ address }) => address), text: raw })
      done()
    },
  })
  const { port } = await listening(server.listen(at.port ?? 0, at.host ?? '127.0.0.1'))
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()))
  return { url: `smtp://127.0.0.1:${port}`, port, letters, stop }
}

export type Knock = { headers: NodeJS.Dict<string | string[]>; body: string; at: number }

/** For tests: a real web server that answers as it is told, and 200 after that. */
export async function startTestWebhook(answers: (number | 'hang up' | 'say nothing')[] = [], port = 0) {
  const knocks: Knock[] = []
  const server = createServer(async (request, response) => {
    knocks.push({ headers: request.headers, body: await text(request), at: Date.now() })
    const answer = answers.shift() ?? 200
    if (answer === 'say nothing') return
    if (answer === 'hang up') return request.socket.destroy()
    response.writeHead(answer, answer === 302 ? { location: 'http://127.0.0.1:1/elsewhere' } : {}).end()
  })
  const address = await listening(server.listen(port, '127.0.0.1'))
  return {
    url: `http://127.0.0.1:${address.port}/alerts?key=of-theirs`,
    port: address.port,
    knocks,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

async function listening(server: {
  address: () => unknown
  once: (name: 'listening', heard: () => void) => unknown
}) {
  await new Promise<void>((resolve) => server.once('listening', resolve))
  return server.address() as AddressInfo
}

/** Ends with the test. */
export async function withTest<Started extends { stop: () => Promise<void> }>(started: Promise<Started>) {
  const running = await started
  onTestFinished(() => running.stop())
  return running
}
