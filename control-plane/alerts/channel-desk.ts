import { randomBytes } from 'node:crypto'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { presentActor } from '../audit/actor.ts'
import { newSecret } from '../secrets/secret-hash.ts'
import { readRecipients, readWebhookUrl } from './alert-orders.ts'
import type { Channel, ChannelRepository } from './channel-repository.ts'
import { deliver } from './deliver-messages.ts'
import { testMessage } from './message.ts'
import type { MessageRepository } from './message-repository.ts'
import type { Outcome } from './next-attempt.ts'
import type { MailServer } from './send-mail.ts'

export type ChannelDesk = ReturnType<typeof channelDesk>

type Dependencies = {
  channels: ChannelRepository
  messages: Pick<MessageRepository, 'listLately'>
  mailServer: MailServer | undefined
  publicUrl: string
  now?: () => Date
}

/** As the console shows it: never with its secret. */
export type ChannelView = {
  id: string
  kind: 'mail' | 'webhook'
  /** Recipients, or where a webhook leads: its host alone, for whoever has all of such an address may often write there. */
  target: string
  madeBy: string
  madeAt: Date
  /** What was told there last, and how that went. */
  last?: { at: Date; is: 'sent' | 'waiting' | 'given up'; attempts: number; error?: string }
}

const MOST_CHANNELS = 20
const LATELY = 500

/** Where alerts are told. */
export function channelDesk({
  channels,
  messages,
  mailServer,
  publicUrl,
  now = () => new Date(),
}: Dependencies) {
  async function add(
    made: { kind: 'mail'; target: string } | { kind: 'webhook'; target: string; secret: string },
  ) {
    if ((await channels.list()).length >= MOST_CHANNELS)
      throw new Problem('bad-request', `There are ${MOST_CHANNELS} channels already: remove one first.`)
    const id = randomBytes(4).toString('hex')
    await channels.add({ ...made, id, madeBy: presentActor().who.slice(0, 50), madeAt: now() })
    return id
  }

  return {
    /** Whether this control plane knows a mail server. */
    hasMailServer: mailServer !== undefined,

    async listChannels(): Promise<ChannelView[]> {
      const [all, lately] = await Promise.all([channels.list(), messages.listLately(LATELY)])
      return all.map((channel) => {
        const told = lately.filter(({ channel_id }) => channel_id === channel.id)
        // What keeps all others from being told, if something does.
        const last = told.findLast(({ next_at }) => next_at !== null) ?? told[0]
        const { id, kind, madeBy, madeAt } = channel
        return { id, kind, target: shownTarget(channel), madeBy, madeAt, ...(last && { last: lastOf(last) }) }
      })
    },

    addMail: async (recipients: string): Promise<{ id: string }> => ({
      id: await add({ kind: 'mail', target: readRecipients(recipients) }),
    }),

    /** The secret is told here once and never again. */
    async addWebhook(url: string): Promise<{ id: string; secret: string }> {
      const secret = newSecret()
      return { id: await add({ kind: 'webhook', target: readWebhookUrl(url), secret }), secret }
    },

    async removeChannel(id: string): Promise<void> {
      if (!(await channels.remove(id))) throw new Problem('not-found', 'There is no such channel.')
    },

    /** At once, and how it went. */
    async testChannel(id: string): Promise<Outcome> {
      const channel = (await channels.list()).find((each) => each.id === id)
      if (!channel) throw new Problem('not-found', 'There is no such channel.')
      const content = JSON.stringify(testMessage(publicUrl, now()))
      const message = { id: randomBytes(8).toString('hex'), content, incident_id: 'test', kind: 'test' }
      return await deliver(channel, message, { mailServer })
    },
  }
}

export const shownTarget = ({ kind, target }: Pick<Channel, 'kind' | 'target'>) =>
  kind === 'mail' ? target : (URL.parse(target)?.origin ?? 'a webhook')

type Lately = Awaited<ReturnType<MessageRepository['listLately']>>[number]

const lastOf = ({ made_at, sent_at, given_up_at, attempts, error }: Lately) => ({
  at: sent_at ?? given_up_at ?? made_at,
  is: sent_at ? ('sent' as const) : given_up_at ? ('given up' as const) : ('waiting' as const),
  attempts,
  ...(error !== null && { error }),
})
