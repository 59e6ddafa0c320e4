import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatClaim } from '@sixcast/shared/contract/claim.ts'
import { createKeyPair } from '@sixcast/shared/contract/identity-key.ts'
import { createLog } from '@sixcast/shared/runtime/log.ts'
import { afterAll, expect, test } from 'vitest'
import { claimFile } from './claim-file.ts'
import { settleClaim } from './settle-claim.ts'

const folder = mkdtempSync(join(tmpdir(), 'settle-'))
afterAll(() => rmSync(folder, { recursive: true }))
const [ours, another] = [createKeyPair().publicKey, createKeyPair().publicKey]

test.each([
  ['of this fleet is erased', ours, false, /the claim has been used and is erased/],
  ['of another fleet is left alone, and said so once', another, true, /of another fleet/],
])('once the node is in its fleet, a claim %s', async (_, fleetKey, stays, said) => {
  const path = join(folder, 'claim')
  const lines: string[] = []
  writeFileSync(path, formatClaim({ url: 'http://127.0.0.1:9090', fleetKey, secret: 'a'.repeat(32) }))
  const settle = settleClaim(
    claimFile(path),
    createLog('agent', (line) => lines.push(line)),
  )
  const identity = {
    controlPlaneUrl: 'http://127.0.0.1',
    fleetKey: ours,
    nodeId: 'a'.repeat(20),
    name: 'box',
  }
  for (const _beat of [1, 2]) await settle(identity)
  expect(existsSync(path)).toBe(stays)
  expect(lines).toEqual([expect.stringMatching(said)])
})
