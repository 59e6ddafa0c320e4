import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { ConfigurationReport, ConfigurationStep } from '@sixcast/shared/contract/configuration.ts'
import { writeAtomically } from '@sixcast/shared/runtime/atomic-file.ts'
import { describe, type Log } from '@sixcast/shared/runtime/log.ts'
import * as z from 'zod'

const Held = z.object({ version: z.number().int().min(0), settings: z.record(z.string(), z.unknown()) })

/** What a node remembers of its configuration. */
export const KeptConfiguration = z.object({
  /** The public key of the fleet whose wish it is. */
  fleet: z.string(),
  /** Another release may know settings that this one did not. */
  release: z.string(),
  good: Held,
  trial: Held.extend({
    starts: z.number().int().min(0),
    wasWell: z.boolean(),
    steps: z.array(ConfigurationStep),
  }).optional(),
  spoilt: z.number().int().optional(),
  /** What the control plane has not heard yet. */
  untold: ConfigurationReport.optional(),
})
export type KeptConfiguration = z.infer<typeof KeptConfiguration>

/** In the state folder, always whole. A spoilt one is as none: the control plane has the document. */
export function configurationFile(folder: string, log: Log) {
  const path = join(folder, 'configuration.json')
  return {
    read(): KeptConfiguration | undefined {
      try {
        return KeptConfiguration.parse(JSON.parse(readFileSync(path, 'utf8')))
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT'))
          log.warn('the kept configuration is of no use', { path, cause: describe(error) })
        return undefined
      }
    },
    keep: (kept: KeptConfiguration) =>
      writeAtomically(path, `${JSON.stringify(kept, undefined, 2)}\n`, { durable: true, mode: 0o600 }),
  }
}
