/** warn: somebody should look today. bad: viewers are without something now, or soon. */
export type Severity = 'warn' | 'bad'

/** From where on a figure is too much, or too little. */
type Threshold = {
  is: number
  unit: '%' | '°C' | 'days' | 's'
  worse: 'above' | 'below'
  /** So far back behind the threshold it counts as well again: a figure that trembles around it makes one alert, not fifty. */
  margin: number
  least: number
  most: number
}

export type AlertRule = {
  title: string
  /** After the name of what it is about: of one, and after a number of many. */
  says: [one: string, many: string]
  /** What it means, and what to do. */
  words: string
  of: 'node' | 'stream' | 'fleet'
  severity: Severity
  threshold?: Threshold
  /** So long without a break before anybody is told, and so long well before it is over. */
  forSeconds: number
}

/** All there are, in the order in which they are shown. */
const LIST = {
  'node-unreachable': {
    title: 'Node out of reach',
    says: ['is out of reach', 'are out of reach'],
    words:
      'A node is silent, or viewers outside do not get to it: nobody is sent there. See whether it has power and a network; its page says what a probe met with.',
    of: 'node',
    severity: 'bad',
    forSeconds: 60,
  },
  'node-doubtful': {
    title: 'Node in doubt',
    says: ['is in doubt', 'are in doubt'],
    words:
      'Something of a node fails: one of its addresses, its segments, or it comes and goes. Viewers are sent there after others. Its page says what fails.',
    of: 'node',
    severity: 'warn',
    forSeconds: 300,
  },
  'prober-doubted': {
    title: 'Probing in doubt',
    says: ['is in doubt', 'are in doubt'],
    words:
      'So many nodes fail at once, or nothing can be asked at all, that it may be this control plane’s own line. No node is taken from its viewers for it. See to that line first.',
    of: 'fleet',
    severity: 'bad',
    forSeconds: 60,
  },
  'stream-lost': {
    title: 'Stream lost',
    says: ['was lost', 'were lost'],
    words:
      'A stream was live, and its node has stopped speaking of it without ending it. See to the node; an encoder that can choose goes to another.',
    of: 'stream',
    severity: 'bad',
    // As long as for its node: mostly both are one trouble, and told as one.
    forSeconds: 60,
  },
  'encoder-away': {
    title: 'Encoder away',
    says: ['waits for its encoder', 'wait for their encoders'],
    words:
      'What publishes a stream is gone, and the stream has not been ended: viewers see its last picture. See to the encoder and its line.',
    of: 'stream',
    severity: 'warn',
    forSeconds: 60,
  },
  'encoder-behind': {
    title: 'Encoder behind',
    says: ['falls behind its source', 'fall behind their sources'],
    words:
      'What a stream is encoded with is slower than its source, in percent of real time: viewers come to stand. Take a smaller ladder, fewer streams on that node, or a stronger one.',
    of: 'stream',
    severity: 'bad',
    threshold: { is: 97, unit: '%', worse: 'below', margin: 1, least: 10, most: 99 },
    forSeconds: 30,
  },
  'storage-full': {
    title: 'Storage nearly full',
    says: ['has hardly any room left', 'have hardly any room left'],
    words: 'So much of the fullest disk or card of a node is used. Make room, or keep less.',
    of: 'node',
    severity: 'warn',
    threshold: { is: 90, unit: '%', worse: 'above', margin: 3, least: 1, most: 100 },
    forSeconds: 300,
  },
  'storage-forecast': {
    title: 'Storage full soon',
    says: ['will soon have no room left', 'will soon have no room left'],
    words:
      'At the pace of the last hours, up to a day, a disk or card of a node is full within so many days. Make room, or keep less.',
    of: 'node',
    severity: 'warn',
    threshold: { is: 3, unit: 'days', worse: 'below', margin: 1, least: 0.1, most: 365 },
    forSeconds: 600,
  },
  heat: {
    title: 'Heat',
    says: ['is too hot', 'are too hot'],
    words:
      'A node’s processor is so hot that it will slow itself down: encoding falls behind first. See to its fan and its place.',
    of: 'node',
    severity: 'warn',
    threshold: { is: 80, unit: '°C', worse: 'above', margin: 5, least: 30, most: 120 },
    forSeconds: 120,
  },
  undervoltage: {
    title: 'Undervoltage',
    says: ['gets too little voltage', 'get too little voltage'],
    words:
      'A node’s power supply gives too little: it slows down, and its card may be damaged. Use the supply and the cable that belong to the board.',
    of: 'node',
    severity: 'bad',
    forSeconds: 30,
  },
  'card-worn': {
    title: 'Card worn out',
    says: ['has a worn memory', 'have worn memories'],
    words:
      'A node’s flash memory says that it has spent so much of its life. Soldered memories tell, cards do not. Put what it holds elsewhere before it fails.',
    of: 'node',
    severity: 'warn',
    threshold: { is: 80, unit: '%', worse: 'above', margin: 5, least: 10, most: 100 },
    forSeconds: 600,
  },
  'clock-off': {
    title: 'Clock off',
    says: ['has a wrong clock', 'have wrong clocks'],
    words:
      'A node’s clock differs so much from this control plane’s. Live video goes on, but the times of recordings and logs are wrong. See whether the node reaches a time server.',
    of: 'node',
    severity: 'warn',
    threshold: { is: 30, unit: 's', worse: 'above', margin: 10, least: 11, most: 86_400 },
    forSeconds: 120,
  },
  'uplink-full': {
    title: 'Uplink full',
    says: ['has a full uplink', 'have full uplinks'],
    words:
      'A node sends about all that its line or its budget lets it: new viewers are sent elsewhere, and those it has may stall. Mirror its streams on another node.',
    of: 'node',
    severity: 'warn',
    threshold: { is: 95, unit: '%', worse: 'above', margin: 10, least: 15, most: 100 },
    forSeconds: 120,
  },
} as const satisfies Record<string, AlertRule>

export type RuleName = keyof typeof LIST
export const RULES: Record<RuleName, AlertRule> = LIST
export const RULE_NAMES = Object.keys(LIST) as RuleName[]

export const isRule = (name: string): name is RuleName => Object.hasOwn(LIST, name)

/** What nothing tells yet, and what is needed before it can be told. */
export const LATER = [
  ['certificate that ends soon', 'nodes have none of their own yet'],
  ['no recent backup', 'none is made yet'],
] as const

/** What operators want of a rule instead of what it comes with. */
export type RuleChoice = { enabled: boolean; threshold?: number; forSeconds?: number }
export type RuleInForce = { enabled: boolean; threshold?: number; forSeconds: number }

export function ruleInForce(name: RuleName, choice: RuleChoice = { enabled: true }): RuleInForce {
  const { threshold, forSeconds } = RULES[name]
  return {
    enabled: choice.enabled,
    ...(threshold && { threshold: choice.threshold ?? threshold.is }),
    forSeconds: choice.forSeconds ?? forSeconds,
  }
}

export const rulesInForce = (choices: Map<RuleName, RuleChoice> = new Map()) =>
  Object.fromEntries(RULE_NAMES.map((name) => [name, ruleInForce(name, choices.get(name))])) as Record<
    RuleName,
    RuleInForce
  >

/** What was found of one subject: yes or no, or a figure where the rule has a threshold; absent: nobody knows just now. */
export type Found = boolean | number | undefined

/** between: no longer so bad, but not well either. */
export type Reading = 'firing' | 'between' | 'clear' | 'unknown'

/** What a rule makes of what was found. */
export function readingOf(name: RuleName, found: Found, { threshold: is }: RuleInForce): Reading {
  if (found === undefined) return 'unknown'
  if (typeof found === 'boolean') return found ? 'firing' : 'clear'
  const { threshold } = RULES[name]
  if (!threshold || is === undefined) return 'unknown'
  const beyond = threshold.worse === 'above' ? found - is : is - found
  if (beyond >= 0) return 'firing'
  return beyond < -threshold.margin ? 'clear' : 'between'
}
