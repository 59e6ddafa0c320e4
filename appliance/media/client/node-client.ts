import { ProblemBody, type ProblemCode } from '@sixcast/shared/contract/problem.ts'
import { describe } from '@sixcast/shared/runtime/log.ts'
import { request } from 'undici'
import * as z from 'zod'
import { Measurement } from '../encoder/measurement.ts'
import type { StreamOrder } from '../pulls/stream-order.ts'
import { StreamView } from '../streams/stream-view.ts'

const ANSWER_MS = 10_000

/** A node has no such stream, or refuses what was asked of it. */
export class Refusal extends Error {}

export type NodeClient = ReturnType<typeof nodeClient>

/** A node's API. Every failure is an Error whose message people can act on. */
export function nodeClient(node: string) {
  async function ask(method: 'GET' | 'POST' | 'DELETE', path: string, order?: Partial<StreamOrder>) {
    const { statusCode, body } = await request(`${node}${path}`, {
      method,
      headersTimeout: ANSWER_MS,
      bodyTimeout: ANSWER_MS,
      ...(order && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(order) }),
    }).catch((error) => {
      throw new Error(silence(node, error), { cause: error })
    })
    const text = await body.text()
    if (statusCode >= 400) throw refusalIn(text, statusCode, node)
    return { statusCode, text }
  }

  const view = (text: string) => read(StreamView, text, node)
  return {
    async start(order: Partial<StreamOrder>) {
      const { statusCode, text } = await ask('POST', '/streams', order)
      return { isNew: statusCode === 201, view: view(text) }
    },
    list: async () =>
      read(z.object({ streams: z.array(StreamView) }), (await ask('GET', '/streams')).text, node).streams,
    heartbeat: async (id: string) => view((await ask('POST', `/streams/${id}/heartbeat`)).text),
    measure: async () => read(Measurement, (await ask('POST', '/measure')).text, node),
    measurement: async () => read(Measurement, (await ask('GET', '/measure')).text, node),
    stop: async (id: string) => void (await ask('DELETE', `/streams/${id}`)),
  }
}

function silence(node: string, error: unknown): string {
  return /ECONNREFUSED/.test(describe(error)) ||
    (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED')
    ? `Nothing answers at ${node}: no node runs there. npm start starts one on this machine; --node URL names another.`
    : `The node at ${node} does not answer (${describe(error)}).`
}

/** No node says so to what we ask of it. */
const FOREIGN = new Set<ProblemCode>(['not-found', 'not-signed', 'not-logged-in'])

function refusalIn(text: string, status: number, node: string): Error {
  const problem = ProblemBody.safeParse(parsedJson(text)).data
  if (!problem) return new Error(`What answers at ${node} (with ${status}) is no node.`)
  if (FOREIGN.has(problem.code))
    return new Refusal(
      `What answers at ${node} is another part of Sixcast, or another release of it: a node takes this at its port 8083.`,
    )
  return new Refusal(problem.message ?? `The node refuses, and says only ${problem.code}.`)
}

function read<Schema extends z.ZodType>(schema: Schema, text: string, node: string): z.infer<Schema> {
  const result = schema.safeParse(parsedJson(text))
  if (!result.success) throw new Error(`What answers at ${node} is no node of this release.`)
  return result.data
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // told by whoever needed it
  }
}
