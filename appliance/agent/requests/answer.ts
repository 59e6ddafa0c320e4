import { once } from 'node:events'
import { ProblemBody, type ProblemCode } from '@sixcast/shared/contract/problem.ts'
import { describe } from '@sixcast/shared/runtime/log.ts'
import type { Dispatcher } from 'undici'
import { request } from 'undici'
import type * as z from 'zod'

/** What the control plane said, or that it said nothing we can use. Being away is a state here, not an exception. */
export type Answer<Body> =
  | { kind: 'accepted'; body: Body }
  | { kind: 'refused'; code: ProblemCode; message?: string; epoch?: number; proof?: string }
  | { kind: 'away'; cause: string }

type Question = {
  url: URL
  method: 'GET' | 'POST'
  headers?: Record<string, string>
  body?: string
  /** For all of it, from connecting to the last byte. */
  timeoutMs: number
  /** Ends it before: the answer is not wanted any more. */
  signal?: AbortSignal | undefined
  dispatcher: Dispatcher
}

/** Asks once. What comes back is parsed: an answer of another shape counts as none, whoever gave it. */
export async function ask<Schema extends z.ZodType>(
  { url, timeoutMs, signal, ...options }: Question,
  schema: Schema,
): Promise<Answer<z.infer<Schema>>> {
  try {
    const patience = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal ? [signal] : [])])
    const reply = await Promise.race([request(url, { ...options, signal: patience }), abortOf(patience)])
    const text = await reply.body.text()
    if (reply.statusCode >= 300) return refusal(reply, text)
    const body = schema.safeParse(jsonOf(text))
    if (!body.success) return { kind: 'away', cause: `${url.host} gives an answer that does not fit` }
    return { kind: 'accepted', body: body.data }
  } catch (error) {
    return { kind: 'away', cause: describe(error) }
  }
}

/** The library hears of an abort only once it is connected. */
async function abortOf(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort')
  throw signal.reason
}

function refusal(reply: Dispatcher.ResponseData, text: string): Answer<never> {
  const problem = ProblemBody.safeParse(jsonOf(text))
  if (!problem.success) return { kind: 'away', cause: `status ${reply.statusCode} without a code` }
  const proof = reply.headers['sixcast-fleet-signature']
  const { code, message, epoch } = problem.data
  return {
    kind: 'refused',
    code,
    ...(message !== undefined && { message }),
    ...(epoch !== undefined && { epoch }),
    ...(typeof proof === 'string' && { proof }),
  }
}

function jsonOf(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
