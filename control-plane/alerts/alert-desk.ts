import { randomBytes } from 'node:crypto'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { presentActor } from '../audit/actor.ts'
import { type AlertIncident, worstOf } from './alert.ts'
import type { AlertChoiceRepository } from './alert-choice-repository.ts'
import { checkChoice, readSilence, type SilenceOrder } from './alert-orders.ts'
import type { AlertRepository } from './alert-repository.ts'
import {
  isRule,
  RULE_NAMES,
  type RuleChoice,
  type RuleInForce,
  type RuleName,
  ruleInForce,
} from './alert-rules.ts'
import type { ChannelRepository } from './channel-repository.ts'
import type { MessageRepository } from './message-repository.ts'
import { isSilenced, type Silence } from './silence.ts'

export type AlertDesk = ReturnType<typeof alertDesk>

type Dependencies = {
  alertRows: AlertRepository
  alertChoices: AlertChoiceRepository
  channels: Pick<ChannelRepository, 'list'>
  messages: Pick<MessageRepository, 'listOfIncident'>
  now?: () => Date
}

/** An incident as operators see it. */
export type IncidentView = AlertIncident & {
  /** Nobody is told of any of it. */
  isSilenced: boolean
}

/** What became of telling it on one channel. */
export type Telling = {
  kind: 'opened' | 'grown' | 'over'
  channel: { kind: 'mail' | 'webhook'; id: string }
  madeAt: Date
  attempts: number
  sentAt?: Date
  givenUpAt?: Date
  nextAt?: Date
  error?: string
}

export type AlertBoard = {
  /** The worst first. */
  open: IncidentView[]
  /** The latest first. */
  ended: IncidentView[]
  silences: Silence[]
  /** Without any nobody is told. */
  channels: number
}

export type RuleView = {
  name: RuleName
  inForce: RuleInForce
  /** Somebody has chosen it. */
  isOwn: boolean
}

const ENDED_SHOWN = 15

/** What operators see of alerts, and do about them. Where alerts are told is the channel desk's. */
export function alertDesk({
  alertRows,
  alertChoices,
  channels,
  messages,
  now = () => new Date(),
}: Dependencies) {
  const viewOf = (silences: Silence[], at: Date) => (incident: AlertIncident) => ({
    ...incident,
    isSilenced: incident.alerts.every((alert) => isSilenced(silences, alert, at)),
  })

  return {
    async board(): Promise<AlertBoard> {
      const [open, ended, silences, all] = await Promise.all([
        alertRows.listOpen(),
        alertRows.listEnded(ENDED_SHOWN),
        alertChoices.listSilences(),
        channels.list(),
      ])
      const view = viewOf(silences, now())
      return { open: open.map(view).sort(worstFirst), ended: ended.map(view), silences, channels: all.length }
    },

    async find(id: string): Promise<{ incident: IncidentView; tellings: Telling[] }> {
      const incident = await alertRows.find(id)
      if (!incident) throw new Problem('not-found', 'There is no such incident, or not any more.')
      const [silences, rows, all] = await Promise.all([
        alertChoices.listSilences(),
        messages.listOfIncident(id),
        channels.list(),
      ])
      const kinds = new Map(all.map((channel) => [channel.id, channel.kind]))
      const tellings = rows.map((row) => ({
        kind: row.kind,
        channel: { kind: kinds.get(row.channel_id) ?? 'mail', id: row.channel_id },
        ...{ madeAt: row.made_at, attempts: row.attempts },
        ...(row.sent_at && { sentAt: row.sent_at }),
        ...(row.given_up_at && { givenUpAt: row.given_up_at }),
        ...(row.next_at && { nextAt: row.next_at }),
        ...(row.error !== null && { error: row.error }),
      }))
      return { incident: viewOf(silences, now())(incident), tellings }
    },

    /** Somebody sees to it: the others are not told again that it grows. */
    async acknowledge(id: string): Promise<void> {
      if (!(await alertRows.acknowledge(id, presentActor().who.slice(0, 50), now())))
        throw new Problem('not-found', 'There is no such open incident.')
    },

    async silence(order: SilenceOrder): Promise<{ id: string }> {
      const id = randomBytes(4).toString('hex')
      const by = { madeBy: presentActor().who.slice(0, 50), madeAt: now() }
      await alertChoices.addSilence({ id, ...readSilence(order, now()), ...by })
      return { id }
    },

    async liftSilence(id: string): Promise<void> {
      if (!(await alertChoices.endSilences([id], now())))
        throw new Problem('not-found', 'This silence is over already.')
    },

    async listRules(): Promise<RuleView[]> {
      const choices = await alertChoices.readRules()
      return RULE_NAMES.map((name) => ({
        ...{ name, inForce: ruleInForce(name, choices.get(name)), isOwn: choices.has(name) },
      }))
    },

    async saveRule(name: string, choice: RuleChoice): Promise<void> {
      const rule = known(name)
      await alertChoices.saveRule(rule, checkChoice(rule, choice), presentActor().who.slice(0, 50), now())
    },

    async resetRule(name: string): Promise<void> {
      await alertChoices.removeRule(known(name))
    },
  }
}

function known(name: string): RuleName {
  if (!isRule(name)) throw new Problem('not-found', `There is no rule ${name}.`)
  return name
}

const worstFirst = (one: IncidentView, other: IncidentView) =>
  Number(one.isSilenced) - Number(other.isSilenced) ||
  Number(worstOf(other.alerts) === 'bad') - Number(worstOf(one.alerts) === 'bad') ||
  one.begunAt.getTime() - other.begunAt.getTime()
