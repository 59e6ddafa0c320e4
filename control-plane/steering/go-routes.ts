import { StreamName } from '@sixcast/shared/contract/names.ts'
import type { Problem, ProblemCode } from '@sixcast/shared/contract/problem.ts'
import { accept, problemOf } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import * as z from 'zod'
import { sourceAddress } from '../addresses/source-address.ts'
import { describeAnswers } from '../describe-answers.ts'
import type { PathwayChoice } from './pathway-choice.ts'
import type { Pathway } from './rank-pathways.ts'
import { PathwayList } from './steering-ticket.ts'

type Dependencies = {
  choice: PathwayChoice
  /** Names the failures that pass by themselves (a lost database). */
  recognise: (error: unknown) => Problem | undefined
  /** Told of bugs. */
  report: (error: unknown) => void
}

/** For players that know no steering: they follow a redirection, and show people what they are answered. */
export function goRoutes({ choice, recognise, report }: Dependencies) {
  const routes = new Hono()
    .use('/go/:stream', forAnyPage)
    .get('/go/:stream', describe, accept('param', Named), accept('query', Asked), async (c) => {
      const address = sourceAddress(c)
      const { hostname: requestHost } = new URL(c.req.url)
      const { exclude = [] } = c.req.valid('query')
      // Who comes back is the same viewer, or he would be sent elsewhere each time.
      // VLC drops the brackets of an IPv6 address in a URL, and finds nobody.
      const onlyFour = /VLC/i.test(c.req.header('user-agent') ?? '')
      const viewing = { address, requestHost, viewer: address, six: false, onlyFour, exclude }
      const first = (ways: Pathway[]) => firstFor(onlyFour, ways)
      const { stream, pathways } = await choice.begin(c.req.valid('param').stream, viewing, first)
      const pathway = first(pathways)
      c.header('cache-control', 'no-store')
      return c.redirect(`http://${pathway?.host}/${stream.name}/${stream.manifest}`, 302)
    })
  routes.onError((error, c) => {
    const problem = recognise(error) ?? problemOf(error)
    if (problem.code === 'bug') report(error)
    c.header('cache-control', 'no-store')
    return c.text(`${sentenceOf(problem)}\n`, problem.status)
  })
  return routes
}

/** A player on somebody else's page follows the redirection, too. */
const forAnyPage = cors({ origin: '*', allowMethods: ['GET', 'HEAD', 'OPTIONS'] })

const Named = z.object({ stream: StreamName })

/** Pathways that did not play. */
const Asked = z.object({ exclude: PathwayList.optional() })

const firstFor = (onlyFour: boolean, pathways: Pathway[]) =>
  pathways.find(({ host }) => !(onlyFour && host.startsWith('['))) ?? pathways[0]

const SENTENCES: Partial<Record<ProblemCode, string>> = {
  'bad-request': 'This address cannot be read.',
  'unknown-stream': 'There is no stream of this name.',
  'not-live': 'This stream is not live now.',
  bug: 'Something went wrong on our side. Try again in a minute.',
}

const sentenceOf = ({ code, message }: Problem) => SENTENCES[code] ?? message

const describe = describeAnswers({
  summary: 'Sends a player that knows no steering to the best playlist for it; refusals are plain sentences',
  tag: 'public',
  ok: 'elsewhere',
  problems: ['bad-request', 'unknown-stream', 'not-live', 'fleet-full', 'out-of-reach'],
})
