import { randomBytes } from 'node:crypto'
import { verifyText } from '@sixcast/shared/contract/identity-key.ts'
import { type ProbeQuery, ProbeReply, probeText } from '@sixcast/shared/contract/probe.ts'
import { describe } from '@sixcast/shared/runtime/log.ts'
import { Agent, request } from 'undici'
import { urlHost } from '../addresses/addresses.ts'

type Probed = { nodeId: string; publicKey: string; address: string; port: number }
type ProbeResult = { reachable: true } | { reachable: false; cause: string }

const TIMEOUT_MS = 3000

// A connection of its own for each probe: one that was opened before the router's rules changed would still pass.
const connections = () =>
  new Agent({ connect: { timeout: TIMEOUT_MS }, maxResponseSize: 4096, keepAliveTimeout: 1, pipelining: 0 })

/** Knocks at a node from outside. The node signs our nonce, so an address that now belongs to somebody else's box does not pass. */
export async function askProbe(node: Probed): Promise<ProbeResult> {
  const query = { nonce: randomBytes(24).toString('base64url'), address: node.address }
  const dispatcher = connections()
  try {
    const { statusCode, body } = await request(
      `http://${urlHost(node.address)}:${node.port}/probe?${new URLSearchParams(query)}`,
      { dispatcher, signal: AbortSignal.timeout(TIMEOUT_MS) },
    )
    const text = await body.text()
    if (statusCode !== 200) return unreachable(`The node answers ${statusCode} to the probe.`)
    return isSigned(text, node, query)
      ? { reachable: true }
      : unreachable('Something else than this node answers at this address.')
  } catch (error) {
    return unreachable(causeOf(error))
  } finally {
    await dispatcher.destroy()
  }
}

function isSigned(text: string, { nodeId, publicKey }: Probed, query: ProbeQuery): boolean {
  const reply = ProbeReply.safeParse(parsedJson(text))
  return (
    reply.success &&
    reply.data.nodeId === nodeId &&
    verifyText(probeText(nodeId, query), reply.data.signature, publicKey)
  )
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const unreachable = (cause: string): ProbeResult => ({ reachable: false, cause })

/** In words an installer can act on. */
function causeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ECONNREFUSED')
    return 'The connection was refused: nothing listens there, or a firewall turns everybody away.'
  if (code === 'EHOSTUNREACH' || code === 'ENETUNREACH') return 'There is no way to this address.'
  if (code === 'UND_ERR_CONNECT_TIMEOUT' || isTimeout(error))
    return 'No answer within three seconds: the node’s web server hangs, or a firewall or router in front of it lets nobody in.'
  return describe(error).slice(0, 200)
}

const isTimeout = (error: unknown) => error instanceof Error && error.name === 'TimeoutError'
