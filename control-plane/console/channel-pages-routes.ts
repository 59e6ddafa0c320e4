import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { type Context, Hono } from 'hono'
import * as z from 'zod'
import type { OperatorEnv } from '../operators/operator-login.ts'
import { alertChannelsPage } from './alert-channels-page.ts'
import type { ConsoleDependencies } from './console-dependencies.ts'
import { refusalOf } from './refusal-of.ts'

const MailForm = z.object({ recipients: z.string().max(5000) })
const WebhookForm = z.object({ url: z.string().max(5000) })

type More = Partial<Parameters<typeof alertChannelsPage>[0]>

/** Where alerts are told. */
export function channelPagesRoutes({ channelDesk, now = () => new Date() }: ConsoleDependencies) {
  const page = async (c: Context<OperatorEnv>, more: More = {}) =>
    alertChannelsPage({
      channels: await channelDesk.listChannels(),
      hasMailServer: channelDesk.hasMailServer,
      ...{ operator: c.get('operator'), now: now(), ...more },
    })
  const back = (c: Context<OperatorEnv>) => c.redirect('/console/alerts/channels', 303)

  return (
    new Hono<OperatorEnv>()
      .get('/alerts/channels', async (c) => c.html(await page(c)))
      .post('/alerts/channels/mail', accept('form', MailForm), async (c) => {
        const typed = c.req.valid('form')
        const problem = await refusalOf(channelDesk.addMail(typed.recipients))
        if (!problem) return back(c)
        return c.html(await page(c, { typed, problem: problem.message }), problem.status)
      })
      // Answered without a redirect: the secret is kept nowhere from which another request could show it.
      .post('/alerts/channels/webhook', accept('form', WebhookForm), async (c) => {
        const typed = c.req.valid('form')
        const adding = channelDesk.addWebhook(typed.url)
        const problem = await refusalOf(adding)
        if (problem) return c.html(await page(c, { typed, problem: problem.message }), problem.status)
        return c.html(await page(c, { secret: (await adding).secret }))
      })
      .post('/alerts/channels/:id/test', async (c) => {
        const id = c.req.param('id')
        return c.html(await page(c, { tested: { id, outcome: await channelDesk.testChannel(id) } }))
      })
      .post('/alerts/channels/:id/remove', async (c) => {
        await channelDesk.removeChannel(c.req.param('id'))
        return back(c)
      })
  )
}
