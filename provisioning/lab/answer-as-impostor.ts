import { createServer } from 'node:http'
import { createKeyPair, nodeId, signText } from '../../shared/contract/identity-key.ts'
import { ProbeQuery, probeText } from '../../shared/contract/probe.ts'

// Run where a node's old address is now: somebody else's box, which is polite to everybody. Signs probes with a key of its own,
// as a node of another fleet would, and says who asked for what, a line each.

const PORTS = [80, 8083, 8084]
const key = createKeyPair()
const id = nodeId(key.publicKey)

const server = () =>
  createServer(({ url = '/', headers, method }, out) => {
    process.stdout.write(`${method} ${url} ${headers['user-agent'] ?? ''}\n`)
    const { pathname, searchParams } = new URL(url, 'http://impostor')
    const query = ProbeQuery.safeParse(Object.fromEntries(searchParams))
    out.setHeader('access-control-allow-origin', '*')
    if (pathname !== '/probe' || !query.success) return out.end('Welcome to our home.\n')
    const { nonce } = query.data
    return out.end(JSON.stringify({ nodeId: id, nonce, signature: signText(probeText(id, query.data), key) }))
  })

for (const port of PORTS) server().listen(port, '::')
