import { sleep } from '../../shared/runtime/repeat.ts'
import { Refusal } from '../launcher/refusal.ts'
import { PORTS } from '../launcher/unit-plan.ts'
import { cameraName } from './lab-units.ts'
import type { Answer } from './perform-verb.ts'
import { runCommand } from './run-command.ts'
import type { Lab } from './start-lab.ts'
import { CLOUD, inPlace } from './topology.ts'
import type { Verb } from './verbs.ts'

/** What look-as-viewer.ts tells. */
type Seen = {
  stream: string
  /** Whether the landing page shows it. */
  listed: boolean
  way?: 'node' | 'relay'
  segment?: string
  bytes?: number
  tried: { way: string; failure: string }[]
  failure?: string
}

/** Has a viewer play the camera of a node; like a person who waits, he tries again for a while. */
export async function playAsViewer(
  lab: Lab,
  { viewer, node, seconds }: Extract<Verb, { name: 'play' }>,
): Promise<Answer> {
  const giveUpAt = Date.now() + seconds * 1000
  for (;;) {
    const seen = await look(lab, viewer, cameraName(node))
    if (seen.segment) return { said: `${triedLines(seen)}${viewer} plays ${playsWords(seen)}`, data: seen }
    if (Date.now() > giveUpAt)
      throw new Refusal(`${triedLines(seen)}${viewer} plays nothing. ${seen.failure ?? ''}`.trim())
    await sleep(500)
  }
}

async function look({ node, env }: Lab, viewer: string, stream: string): Promise<Seen> {
  const host = viewer === 'viewer-6' ? `[${CLOUD.ipv6}]` : CLOUD.ipv4
  const asked = ['--page', `http://${host}:${PORTS.controlPlane}`, '--stream', stream]
  const command = [node, `${import.meta.dirname}/look-as-viewer.ts`, ...asked]
  const { said } = await runCommand(inPlace(viewer, command), { env })
  return JSON.parse(said)
}

const playsWords = ({ stream, way, bytes, segment }: Seen) =>
  `${stream} ${way === 'node' ? 'straight from the node' : 'through the relay'}: ${bytes} bytes of ${segment}`

const triedLines = ({ tried }: Seen) =>
  tried
    .map(
      ({ way, failure }) =>
        `${way === 'node' ? 'Straight from the node' : 'Through the relay'}: ${failure}\n`,
    )
    .join('')
