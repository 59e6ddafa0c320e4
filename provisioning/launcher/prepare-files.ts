import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename } from 'node:path'
import { getuid } from 'node:process'
import { type ConfigValues, renderConfig } from '../../nginx/render-config.ts'
import { writeAtomically } from '../../shared/runtime/atomic-file.ts'
import { controlPlaneSettings, type FleetPlan, nodeNumbers, planConfigs } from './unit-plan.ts'

type NginxConfig = { template: string; folder: string; values: ConfigValues }

/** Folders, nginx configurations, and the settings by which the operator's commands find this fleet. */
export function prepareFiles(
  plan: FleetPlan,
  configsOf: (plan: FleetPlan, user: string[]) => NginxConfig[] = planConfigs,
): void {
  const { folders, root } = plan
  for (const n of nodeNumbers(plan)) {
    const { media, agent, live } = folders.node(n)
    for (const folder of [media, agent, live]) mkdirSync(folder, { recursive: true, mode: 0o700 })
  }
  // Copies, because a checkout may lie in a folder whose name means something to nginx.
  for (const included of [folders.problems, folders.lookup, folders.live])
    copyFileSync(`${root}/nginx/${basename(included)}`, included)
  const user = getuid?.() === 0 ? ['root'] : [] // workers of a root master would be nobody's, and could not read the streams
  for (const { template, folder, values } of configsOf(plan, user)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(
      `${folder}/${template}`,
      renderConfig(readFileSync(`${root}/nginx/${template}`, 'utf8'), values),
    )
  }
  const settings = JSON.stringify(controlPlaneSettings(plan), null, 2)
  writeAtomically(folders.settings, `${settings}\n`, { mode: 0o600 })
}
