import { Refusal } from '../launcher/refusal.ts'
import { askAsOperator } from './as-operator.ts'
import { cameraName } from './lab-units.ts'
import type { Answer } from './perform-verb.ts'
import type { Lab } from './start-lab.ts'
import { nodeName } from './topology.ts'

/** Has a node copy the camera of another, as an operator who names it. */
export async function orderMirror(
  lab: Lab,
  { node, mirror }: { node: number; mirror: number },
): Promise<Answer> {
  const found = (await lab.commands.listNodes()).find(({ name }) => name === nodeName(mirror))
  if (!found) throw new Refusal(`The control plane has never heard of node ${mirror}.`)
  const stream = cameraName(node)
  const answer = await askAsOperator(lab, `/v1/streams/${stream}/mirrors`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ nodes: [found.id] }),
  })
  const text = await answer.text()
  const { code, message } = text.startsWith('{') ? JSON.parse(text) : {}
  if (code === 'not-found') throw new Refusal('This control plane has no mirrors.')
  if (!answer.ok)
    throw new Refusal(message ?? `The control plane answers ${answer.status} ${code ?? ''}`.trim())
  return { said: `Node ${mirror} copies ${stream}.` }
}
