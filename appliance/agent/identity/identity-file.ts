import { join } from 'node:path'
import { NodeId, PublicKey } from '@sixcast/shared/contract/names.ts'
import { CannotStart } from '@sixcast/shared/runtime/cannot-start.ts'
import * as z from 'zod'
import { readIfThere, writeOwnFile } from './own-file.ts'

/** What an enrolled node remembers: which fleet it belongs to, where its control plane is, and what it is called there. */
export const Identity = z.object({
  controlPlaneUrl: z.url({ protocol: /^https?$/ }),
  fleetKey: PublicKey,
  nodeId: NodeId,
  name: z.string(),
})
export type Identity = z.infer<typeof Identity>

/** Absent before the enrolment, and when it was copied here from a node with another key. */
export async function readIdentity(folder: string, ownId: string): Promise<Identity | undefined> {
  const path = pathIn(folder)
  const text = await readIfThere(path)
  if (text === undefined) return undefined
  const identity = Identity.safeParse(jsonOf(text))
  if (!identity.success)
    throw new CannotStart(`${path} is spoilt. Remove it and put a new claim beside it to enrol again.`)
  return identity.data.nodeId === ownId ? identity.data : undefined
}

export function keepIdentity(folder: string, identity: Identity): void {
  writeOwnFile(pathIn(folder), `${JSON.stringify(identity, undefined, 2)}\n`)
}

const pathIn = (folder: string) => join(folder, 'identity.json')

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
