import { Hono } from 'hono'
import * as z from 'zod'
import { describeAnswers } from '../describe-answers.ts'
import type { OperatorEnv, OperatorLogin } from '../operators/operator-login.ts'
import { isOpen, worstFirst, worstOf } from './alert.ts'
import type { AlertDesk, IncidentView } from './alert-desk.ts'
import { alertsTitle } from './alert-words.ts'
import { toldAlert } from './message.ts'

type Dependencies = {
  alertDesk: Pick<AlertDesk, 'board'>
  login: Pick<OperatorLogin, 'requireApiOperator'>
  publicUrl: string
}

const Severity = z.enum(['warn', 'bad'])

const OpenAlerts = z.object({
  /** To be drawn as a figure. */
  counts: z.object({ bad: z.int(), warn: z.int(), acknowledged: z.int(), silenced: z.int() }),
  incidents: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      severity: Severity,
      begunAt: z.iso.datetime(),
      url: z.string(),
      acknowledged: z.object({ by: z.string(), at: z.iso.datetime() }).optional(),
      silenced: z.boolean(),
      alerts: z.array(
        z.object({
          rule: z.string(),
          title: z.string(),
          severity: Severity,
          subject: z.object({ kind: z.string(), id: z.string(), name: z.string() }),
          since: z.iso.datetime(),
          says: z.string(),
          peak: z.number().optional(),
          unit: z.string().optional(),
        }),
      ),
    }),
  ),
})

/** What is open now, for programs of operators. */
export const alertRoutes = ({ alertDesk, login, publicUrl }: Dependencies) =>
  new Hono<OperatorEnv>().get('/v1/alerts', describe, login.requireApiOperator, async (c) => {
    const { open } = await alertDesk.board()
    const heard = open.filter(({ isSilenced }) => !isSilenced)
    const count = (severity: 'warn' | 'bad') =>
      heard.filter(({ alerts }) => worstOf(alerts.filter(isOpen)) === severity).length
    return c.json({
      counts: {
        ...{ bad: count('bad'), warn: count('warn') },
        acknowledged: heard.filter(({ acknowledged }) => acknowledged).length,
        silenced: open.length - heard.length,
      },
      incidents: open.map((incident) => toldIncident(incident, publicUrl)),
    })
  })

function toldIncident(
  { id, begunAt, acknowledged, isSilenced, alerts }: IncidentView,
  publicUrl: string,
): z.infer<typeof OpenAlerts>['incidents'][number] {
  const open = alerts.filter(isOpen)
  return {
    ...{ id, title: alertsTitle(open), severity: worstOf(open), begunAt: begunAt.toISOString() },
    url: `${publicUrl}/console/alerts/${id}`,
    ...(acknowledged && { acknowledged: { by: acknowledged.by, at: acknowledged.at.toISOString() } }),
    silenced: isSilenced,
    alerts: open.toSorted(worstFirst).map(toldAlert),
  }
}

const describe = describeAnswers({
  summary: 'The incidents that are open now, the worst first, each with its alerts; and how many there are',
  tag: 'operator',
  ok: OpenAlerts,
  problems: ['not-logged-in'],
})
