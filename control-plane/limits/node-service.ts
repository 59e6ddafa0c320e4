import { Duty } from '@sixcast/shared/contract/configuration.ts'
import type { Standing } from '../reachability/standing.ts'

export const DUTIES = Duty.options

/** What a node is to viewers and operators, in one of ten words. */
export type ServiceWord = Standing | 'draining' | 'maintenance' | 'quarantined' | 'retired'

export type Service = {
  /**
   * sent: new ones are sent there · doubted: too, after nodes that leave no doubt · emptied: nobody new, and who is there is moved
   * to another way as soon as there is one · none: nobody is there, or can be.
   */
  viewers: 'sent' | 'doubted' | 'emptied' | 'none'
  /** An operator is told when it fails. */
  alarms: boolean
  /** Its failing counts when so many fail at once that it may be the prober. */
  counts: boolean
}

type Facts = {
  /** An operator has taken it out for good. */
  retired?: boolean
  /** More than one machine speaks with its key. */
  quarantined?: boolean
  duty?: Duty | undefined
  /** Absent before the first look. */
  standing?: Standing | undefined
}

/** The one word that says most: what an operator has said of a node before what was seen of it, but none hides that it is down. */
export function serviceWord({ retired, quarantined, duty, standing = 'pending' }: Facts): ServiceWord {
  if (retired) return 'retired'
  if (quarantined) return 'quarantined'
  if (duty === 'maintenance') return 'maintenance'
  const isDown = SERVICES[standing].viewers === 'none'
  return duty === 'draining' && !isDown ? 'draining' : standing
}

/** What each of the words means. */
export const SERVICES: Record<ServiceWord, Service> = {
  healthy: { viewers: 'sent', alarms: true, counts: true },
  /** Where a probe has found it it serves from the first second, like one in doubt. */
  pending: { viewers: 'doubted', alarms: true, counts: true },
  suspect: { viewers: 'doubted', alarms: true, counts: true },
  flapping: { viewers: 'doubted', alarms: true, counts: true },
  unreachable: { viewers: 'none', alarms: true, counts: true },
  offline: { viewers: 'none', alarms: true, counts: true },
  draining: { viewers: 'emptied', alarms: true, counts: true },
  maintenance: { viewers: 'emptied', alarms: false, counts: false },
  quarantined: { viewers: 'none', alarms: true, counts: false },
  retired: { viewers: 'none', alarms: false, counts: false },
}
