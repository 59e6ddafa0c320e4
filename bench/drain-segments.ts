import { Client } from 'undici'

// Fetches one file over and over: node bench/drain-segments.ts URL CONNECTIONS SECONDS. Says at its end what wrk would.
const [url = '', connections = '1', seconds = '1'] = process.argv.slice(2)
const { origin, pathname } = new URL(url)
const until = Date.now() + Number(seconds) * 1000
let bytes = 0
let refused = 0

await Promise.all(Array.from({ length: Number(connections) }, drain))
if (refused > 0) process.stdout.write(`Non-2xx or 3xx responses: ${refused}\n`)
process.stdout.write(`Transfer/sec: ${(bytes / Number(seconds) / 2 ** 20).toFixed(2)}MB\n`)

async function drain(): Promise<void> {
  const client = new Client(origin)
  while (Date.now() < until) await once(client)
  await client.destroy()
}

function once(client: Client): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  client.dispatch(
    { method: 'GET', path: pathname },
    {
      onRequestStart() {},
      onResponseStart(_, status) {
        if (status !== 200) refused += 1
      },
      onResponseData(_, chunk) {
        bytes += chunk.length
      },
      onResponseEnd() {
        resolve()
      },
      onResponseError(_, error) {
        reject(error)
      },
    },
  )
  return promise
}
