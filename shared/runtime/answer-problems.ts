import type { Hono, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import { validator } from 'hono-openapi'
import type * as z from 'zod'
import { Problem } from '../contract/problem.ts'
import { issuesSentence } from './issues-sentence.ts'
import type { Log } from './log.ts'

/**
 * Gives an app its last words: a Problem is sent as its code, a bug is logged once and answered without detail.
 * `recognise` turns what the app's own stores throw (a lost database) into a Problem.
 */
export function answerProblems(
  app: Hono,
  log: Log,
  recognise: (error: unknown) => Problem | undefined = () => undefined,
): void {
  app.notFound((c) => c.json(new Problem('not-found', 'There is nothing under this address.').body(), 404))
  app.onError((error, c) => {
    const problem = recognise(error) ?? problemOf(error)
    if (problem.code === 'bug')
      log.error('a request failed', error, { method: c.req.method, path: c.req.path })
    const { retry_after } = problem.details
    if (retry_after) c.header('retry-after', String(retry_after))
    return c.json(problem.body(), problem.status)
  })
}

/** Refuses what is larger than any honest request, before it is read. What only reads is let by: to look for its body costs more than many answers. */
export function limitBody(maxBytes = 64 * 1024): MiddlewareHandler {
  const onError = () => {
    throw new Problem('too-large', `The request is larger than ${maxBytes} bytes.`)
  }
  const limit = bodyLimit({ maxSize: maxBytes, onError })
  return (c, next) => {
    if (READING.has(c.req.method)) return next()
    // The library would make a stream of the body to find out that its length is said; Node reads no more than that.
    const said = c.req.header('transfer-encoding') === undefined ? c.req.header('content-length') : undefined
    if (said === undefined) return limit(c, next)
    return Number(said) > maxBytes ? onError() : next()
  }
}

const READING = new Set(['GET', 'HEAD'])

/** Parses one part of a request with the schema that types the handler; what does not fit is named in the answer. */
export const accept = <
  Schema extends z.ZodType,
  Target extends 'json' | 'form' | 'query' | 'param' | 'header',
>(
  target: Target,
  schema: Schema,
) =>
  validator(target, schema, (result, c) => {
    if (result.success) return
    // Hono reads nothing else, and that is well so: any web page may send a form or plain text without asking.
    if (target === 'json' && !/\bjson\b/.test(c.req.header('content-type') ?? ''))
      throw new Problem('bad-request', NO_JSON)
    throw new Problem('bad-request', issuesSentence(result.error, 'The request'))
  })

const NO_JSON = 'The request must be JSON and say so: send it with the header content-type: application/json.'

/** What an error says to whoever asked: whatever nobody foresaw is a bug. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  if (error instanceof HTTPException && error.status < 500) return new Problem('bad-request', error.message)
  return new Problem('bug')
}
