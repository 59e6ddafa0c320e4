import { Problem } from '@sixcast/shared/contract/problem.ts'
import { issuesSentence } from '@sixcast/shared/runtime/issues-sentence.ts'
import * as z from 'zod'
import { isRule, RULES, type RuleChoice, type RuleName } from './alert-rules.ts'
import type { Silence } from './silence.ts'

const DAY_SECONDS = 86_400
const HOUR_MS = 3_600_000

/** Nothing is shown of what is longer. */
const Reason = z.string().trim().max(200)

const Order = z
  .object({
    scope: z.enum(['all', 'rule', 'node', 'incident']),
    scopeId: z.string().max(64),
    hours: z
      .number()
      .positive()
      .max(24 * 30)
      .optional(),
    reason: Reason,
  })
  .refine(({ scope, scopeId }) => scope === 'all' || scopeId !== '', {
    path: ['scope'],
    error: 'names what is to be silent',
  })
  .refine(({ scope, scopeId }) => scope !== 'rule' || isRule(scopeId), {
    path: ['scope'],
    error: 'there is no such rule',
  })
  .refine(({ scope, hours }) => scope !== 'all' || hours !== undefined, {
    path: ['hours'],
    error: 'a silence of everything ends by the clock',
  })
/** Without hours: until nothing of it is open any more. */
export type SilenceOrder = { scope: string; scopeId: string; hours?: number; reason: string }

export function readSilence(order: SilenceOrder, now: Date): Omit<Silence, 'id' | 'madeBy' | 'madeAt'> {
  const { success, data, error } = Order.safeParse(order)
  if (!success) throw new Problem('bad-request', `${issuesSentence(error.issues, 'The silence')}.`)
  const { scope, scopeId, hours, reason } = data
  return {
    ...{ scope, scopeId: scope === 'all' ? '' : scopeId, reason },
    ...(hours !== undefined && { until: new Date(now.getTime() + hours * HOUR_MS) }),
  }
}

/** What goes beyond what a rule can use is said. */
export function checkChoice(rule: RuleName, { enabled, threshold, forSeconds }: RuleChoice): RuleChoice {
  const limits = RULES[rule].threshold
  if (threshold !== undefined && !limits)
    throw new Problem('bad-request', `${RULES[rule].title} has no threshold.`)
  if (threshold !== undefined && limits && !(threshold >= limits.least && threshold <= limits.most))
    throw new Problem(
      'bad-request',
      `The threshold of ${RULES[rule].title} is between ${limits.least} and ${limits.most} ${limits.unit}.`,
    )
  if (
    forSeconds !== undefined &&
    !(Number.isInteger(forSeconds) && forSeconds >= 0 && forSeconds <= DAY_SECONDS)
  )
    throw new Problem('bad-request', `${RULES[rule].title} waits for 0 to ${DAY_SECONDS} whole seconds.`)
  return {
    enabled,
    ...(threshold !== undefined && { threshold }),
    ...(forSeconds !== undefined && { forSeconds }),
  }
}

const MOST_RECIPIENTS = 20

export function readRecipients(text: string): string {
  const all = text
    .split(/[,;\s]+/)
    .map((each) => each.trim())
    .filter(Boolean)
  if (all.length === 0) throw new Problem('bad-request', 'Name one mail address or more.')
  if (all.length > MOST_RECIPIENTS)
    throw new Problem('bad-request', `At most ${MOST_RECIPIENTS} addresses: make a list at your mail server.`)
  const wrong = all.find((each) => !z.email().max(200).safeParse(each).success)
  if (wrong) throw new Problem('bad-request', `${wrong} is no mail address.`)
  return [...new Set(all)].join(', ')
}

export function readWebhookUrl(text: string): string {
  const url = URL.parse(text.trim())
  if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '')
    throw new Problem('bad-request', 'A webhook is an address that begins with https:// or http://.')
  if (url.username || url.password)
    throw new Problem(
      'bad-request',
      'No name or password stands in the address: what is sent is signed instead.',
    )
  url.hash = ''
  if (url.href.length > 1500) throw new Problem('bad-request', 'The address is longer than 1500 characters.')
  return url.href
}
