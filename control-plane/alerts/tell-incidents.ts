import { randomBytes } from 'node:crypto'
import { type AlertIncident, worstOf } from './alert.ts'
import type { AlertChoiceRepository } from './alert-choice-repository.ts'
import type { AlertRepository } from './alert-repository.ts'
import type { ChannelRepository } from './channel-repository.ts'
import { composeMessage } from './message.ts'
import { type MessageKind, messageDue } from './message-due.ts'
import type { MessageRepository } from './message-repository.ts'
import { isSilenced, type Silence, spentSilences } from './silence.ts'

export type TellDependencies = {
  alertRows: Pick<AlertRepository, 'listOpen' | 'listUntoldEnds'>
  alertChoices: Pick<AlertChoiceRepository, 'listSilences' | 'endSilences'>
  channels: Pick<ChannelRepository, 'list'>
  messages: Pick<MessageRepository, 'add'>
  publicUrl: string
}

/** An end that could not be told for so long is none to be told any more. */
const ENDS_TOLD_MS = 3_600_000

/** Puts down what is to be told of the incidents now, for each channel once. */
export function tellIncidents(dependencies: TellDependencies) {
  const { alertRows, alertChoices, channels, messages, publicUrl } = dependencies

  async function tell(incident: AlertIncident, silences: Silence[], now: Date) {
    const audible = incident.alerts.filter((alert) => !isSilenced(silences, alert, now))
    const kind = messageDue(telling(incident, audible), now.getTime())
    if (!kind) return
    const told = { incidentId: incident.id, kind, count: audible.length, severity: worstOf(audible) }
    const content = JSON.stringify(composeMessage(kind, incident, audible, publicUrl))
    const to = audible.length > 0 ? await channels.list() : []
    const rows = to.map(({ id }) => newMessage({ channel: id, incident: incident.id, kind, content }, now))
    await messages.add(rows, told, now)
  }

  return async (now: Date) => {
    const [open, ended, silences] = await Promise.all([
      alertRows.listOpen(),
      alertRows.listUntoldEnds(new Date(now.getTime() - ENDS_TOLD_MS)),
      alertChoices.listSilences(),
    ])
    for (const incident of [...open, ...ended]) await tell(incident, silences, now)
    const spent = spentSilences(silences, open, now)
    await alertChoices.endSilences(
      spent.map(({ id }) => id),
      now,
    )
  }
}

type NewMessage = { channel: string; incident: string; kind: MessageKind; content: string }

const newMessage = ({ channel, incident, kind, content }: NewMessage, now: Date) => ({
  ...{ id: randomBytes(8).toString('hex'), channel_id: channel, incident_id: incident, kind, content },
  ...{ made_at: now, next_at: now, error: null, sent_at: null, given_up_at: null },
})

const telling = (incident: AlertIncident, audible: AlertIncident['alerts']) => ({
  ...{ begunAt: incident.begunAt.getTime(), joinedAt: incident.joinedAt.getTime() },
  ...(incident.endedAt && { endedAt: incident.endedAt.getTime() }),
  ...(incident.toldAt && { toldAt: incident.toldAt.getTime() }),
  toldCount: incident.toldCount,
  ...(incident.toldSeverity && { toldSeverity: incident.toldSeverity }),
  ...(incident.grownAt && { grownAt: incident.grownAt.getTime() }),
  ...(incident.overToldAt && { overToldAt: incident.overToldAt.getTime() }),
  acknowledged: incident.acknowledged !== undefined,
  audible: { count: audible.length, severity: worstOf(audible) },
})
