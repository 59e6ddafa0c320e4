import type { Log } from '@sixcast/shared/runtime/log.ts'
import type { Channel, ChannelRepository } from './channel-repository.ts'
import { type Message, mailText } from './message.ts'
import type { MessageRepository, MessageRow } from './message-repository.ts'
import { nextAttempt, type Outcome } from './next-attempt.ts'
import { type MailServer, sendMail } from './send-mail.ts'
import { sendWebhook } from './send-webhook.ts'

export type DeliveryDependencies = {
  messages: Pick<MessageRepository, 'listDue' | 'sent' | 'failed' | 'givenUp'>
  channels: Pick<ChannelRepository, 'list'>
  mailServer: MailServer | undefined
  log: Pick<Log, 'info' | 'warn'>
}

/** Tells what is to be told now, and again later what could not be. What is broken off by the end of this process is told by the next. */
export function deliverMessages(
  { messages, channels, mailServer, log }: DeliveryDependencies,
  stopping: AbortSignal = new AbortController().signal,
) {
  async function attempt(message: MessageRow, channel: Channel, now: () => Date) {
    const outcome = await deliver(channel, message, { mailServer, stopping })
    if (stopping.aborted && outcome.is !== 'sent') return
    const [attempts, at] = [message.attempts + 1, now()]
    const fields = { channel: channel.id, message: message.id, attempts, outcome: outcome.words }
    if (outcome.is === 'sent') {
      await messages.sent(message.id, attempts, at)
      return log.info('an alert was told', fields)
    }
    const ms = nextAttempt(outcome, attempts, at.getTime() - message.made_at.getTime())
    if (ms === undefined) {
      await messages.givenUp(message.id, attempts, outcome.words, at)
      return log.warn('an alert could not be told', fields)
    }
    await messages.failed(message.id, attempts, outcome.words, new Date(at.getTime() + ms))
    if (attempts === 1) log.warn('an alert could not be told yet', fields)
  }

  return async (now: () => Date) => {
    while (!stopping.aborted) {
      const due = await messages.listDue(now())
      if (due.length === 0) return
      const known = new Map((await channels.list()).map((channel) => [channel.id, channel]))
      // One that hangs does not keep the others.
      await Promise.all(
        due.map((message) => {
          const channel = known.get(message.channel_id)
          if (channel) return attempt(message, channel, now)
          return messages.givenUp(message.id, message.attempts, 'This channel is no more', now())
        }),
      )
    }
  }
}

type By = { mailServer: MailServer | undefined; stopping?: AbortSignal | undefined }

type Told = Pick<MessageRow, 'id' | 'content' | 'incident_id' | 'kind'>

/** One attempt. */
export function deliver(
  channel: Channel,
  { id, content, incident_id, kind }: Omit<Told, 'kind'> & { kind: string },
  { mailServer, stopping }: By,
): Promise<Outcome> {
  if (channel.kind === 'webhook')
    return sendWebhook({
      url: channel.target,
      secret: channel.secret,
      deliveryId: id,
      body: content,
      stopping,
    })
  const message: Message = JSON.parse(content)
  // What is said later of an incident stands in the mail program beneath what was said first.
  const letterOf = (which: string) => `<${incident_id}.${which}.${channel.id}@alerts.sixcast>`
  return sendMail(mailServer, {
    to: channel.target,
    subject: `[Sixcast] ${message.title}`,
    text: mailText(message),
    stopping,
    messageId: kind === 'test' ? `<${id}.test@alerts.sixcast>` : letterOf(kind),
    ...((kind === 'grown' || kind === 'over') && { about: letterOf('opened') }),
  })
}
