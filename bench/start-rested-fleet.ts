import { eventually } from '../tests/system/eventually.ts'
import { type Fleet, startFleet } from '../tests/system/start-test-fleet.ts'
import type { Bench } from './bench-options.ts'

type Order = Pick<Bench, 'say'> & { env?: Record<string, string> }

/** A fleet without streams that has come to rest: a new node first measures what it can encode, which takes all of its cores. */
export async function startRestedFleet({ say, env = {} }: Order): Promise<Fleet> {
  const fleet = await startFleet(['--no-demo'], { env: { MEASURE_ENCODERS: 'true', ...env } })
  try {
    const { found } = await eventually(async () => measuredBudget(fleet), 120_000)
    say(`${found}\n`)
    return fleet
  } catch (error) {
    await fleet.remove()
    throw error
  }
}

function measuredBudget(fleet: Fleet): string {
  const [, sentence] = fleet.log('node-1-media').match(/"event":"(This node encodes [^"]+)"/) ?? []
  if (!sentence) throw new Error('the node has not measured itself yet')
  return sentence
}
