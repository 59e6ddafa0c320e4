import { Problem } from '@sixcast/shared/contract/problem.ts'
import type { AlertBoard, IncidentView } from '../alerts/alert-desk.ts'
import { checkChoice, readRecipients, readSilence, readWebhookUrl } from '../alerts/alert-orders.ts'
import { isRule, RULE_NAMES, ruleInForce } from '../alerts/alert-rules.ts'
import type { ChannelView } from '../alerts/channel-desk.ts'
import type { ConsoleDependencies } from './console-dependencies.ts'

/** What a test says of alerts. */
export type FakeAlerts = Omit<AlertBoard, 'channels'> & { channels: ChannelView[] }

const at = new Date('2026-11-20T11:55:00Z')

/** For tests: one node that is out of reach. */
export const fakeIncident: IncidentView = {
  ...{ id: 'abcdef012345', begunAt: at, joinedAt: at, toldAt: at, toldCount: 1, isSilenced: false },
  alerts: [
    {
      ...{ id: 'a', rule: 'node-unreachable', says: 'It has been silent for 5 min.' },
      subject: { kind: 'node', id: 'depot2345depot2345de', name: 'depot' },
      nodeId: 'depot2345depot2345de',
      state: { name: 'firing', since: at.getTime() },
    },
  ],
}

/** For tests: the desks over what a test says. */
export function fakeAlerts(
  said: FakeAlerts,
  done: unknown[],
): Pick<ConsoleDependencies, 'alertDesk' | 'channelDesk'> {
  return {
    alertDesk: {
      board: async () => ({ ...said, channels: said.channels.length }),
      find: async (id) => ({
        incident: [...said.open, ...said.ended].find((each) => each.id === id) ?? fakeIncident,
        tellings: [],
      }),
      acknowledge: async (id) => void done.push(['acknowledge', id]),
      async silence(order) {
        readSilence(order, at)
        done.push(['silence', order])
        return { id: '01234567' }
      },
      liftSilence: async (id) => void done.push(['lift', id]),
      listRules: async () =>
        RULE_NAMES.map((name) => ({ name, inForce: ruleInForce(name), isOwn: name === 'heat' })),
      async saveRule(name, choice) {
        if (!isRule(name)) throw new Problem('not-found', 'There is no such rule.')
        done.push(['rule', name, checkChoice(name, choice)])
      },
      resetRule: async (name) => void done.push(['reset', name]),
    },
    channelDesk: {
      hasMailServer: true,
      listChannels: async () => said.channels,
      async addMail(recipients) {
        done.push(['mail', readRecipients(recipients)])
        return { id: '01234567' }
      },
      async addWebhook(url) {
        done.push(['webhook', readWebhookUrl(url)])
        return { id: '01234567', secret: 'the-secret' }
      },
      removeChannel: async (id) => void done.push(['remove channel', id]),
      async testChannel(id) {
        done.push(['test channel', id])
        return { is: 'refused', words: 'It refused with 403' }
      },
    },
  }
}
