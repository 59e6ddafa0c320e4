import { parseArgs } from 'node:util'

const BENCHES = [
  'start',
  'latency',
  'delivery',
  'cost',
  'steering',
  'fleet',
  'console',
  'failover',
  'join',
] as const

export type BenchOptions = {
  bench: (typeof BENCHES)[number]
  /** How long each thing is watched; absent for as long as the goals mean it. */
  seconds: number | undefined
}

/** What every bench is given. */
export type Bench = { seconds: number | undefined; say: (line: string) => void }

export const BENCH_HELP = `npm run bench -- start       what a user waits for, and what an idle fleet takes: what is measured without a word
npm run bench -- latency     from the camera's picture to the viewer's, beside other ways to stream
npm run bench -- delivery    a thousand viewers at one node, and segments beside a bare nginx
npm run bench -- cost        processor and memory: packager, whole chain, streams, ladders
npm run bench -- steering    how many viewers one control plane sends on their way
npm run bench -- fleet       ten thousand nodes at one control plane, and a tenth of them failing at once
npm run bench -- console     what an operator waits for at five thousand nodes, and what keeping their measurements takes
npm run bench -- failover    what viewers notice when a node, a line or an address fails, in a lab
npm run bench -- join        from the click on a card to the first frame

  --seconds N     watch each thing only so long, for a trial (2 to 3600)`

export function parseBenchOptions(args: string[]): BenchOptions {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { seconds: { type: 'string' } },
  })
  const [asked = 'start', ...more] = positionals
  const bench = BENCHES.find((name) => name === asked)
  if (!bench || more.length > 0)
    throw new Error(`${positionals.join(' ')}: it is one of ${BENCHES.join(', ')}.`)
  return { bench, seconds: values.seconds === undefined ? undefined : parseSeconds(values.seconds) }
}

function parseSeconds(text: string): number {
  const seconds = Number(text)
  if (!/^\d+$/.test(text) || seconds < 2 || seconds > 3600)
    throw new Error(`--seconds takes a whole number from 2 to 3600, not "${text}".`)
  return seconds
}
