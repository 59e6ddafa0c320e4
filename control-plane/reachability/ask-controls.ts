import { connect } from 'node:net'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import { familyOf } from '../addresses/addresses.ts'

/** A place outside that has nothing to do with the fleet. */
export type Control = { address: string; port: number }
export type Controls = ReturnType<typeof askControls>

const WITHIN_MS = 2000
const KEPT_MS = 5000

/**
 * Whether this machine can reach anybody outside, over one family: where few nodes are missed nothing else tells whether they fail or
 * the prober does. Absent where there is nobody to ask.
 */
export function askControls(controls: Control[], now = () => performance.now()) {
  const latest = new Map<4 | 6, { at: number; answer: Promise<boolean> }>()

  return (family: 4 | 6): Promise<boolean> | undefined => {
    const asked = controls.filter(({ address }) => familyOf(address) === family)
    if (asked.length === 0) return undefined
    const known = latest.get(family)
    if (known && now() - known.at < KEPT_MS) return known.answer
    const answer = Promise.all(asked.map(isReached)).then((reached) => reached.includes(true))
    latest.set(family, { at: now(), answer })
    return answer
  }
}

/** Whoever refuses has been reached as well. */
async function isReached({ address, port }: Control): Promise<boolean> {
  const socket = connect({ host: address, port })
  const over = new AbortController()
  const answer = new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true))
    socket.once('error', (error) => resolve('code' in error && error.code === 'ECONNREFUSED'))
  })
  const late = sleep(WITHIN_MS, over.signal).then(() => false)
  const reached = await Promise.race([answer, late])
  over.abort('answered')
  socket.destroy()
  return reached
}
