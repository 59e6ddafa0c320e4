import {
  type ConfigurationReport,
  ConfigurationStep,
  NodeSettings,
} from '@sixcast/shared/contract/configuration.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { issuesSentence } from '@sixcast/shared/runtime/issues-sentence.ts'
import * as z from 'zod'
import type { NodeRepository } from '../nodes/node-repository.ts'
import type { ConfigurationRepository, ConfigurationRow } from './configuration-repository.ts'
import { changeWords } from './setting-words.ts'

export type Configurations = ReturnType<typeof configurations>

type Dependencies = {
  configurationRows: ConfigurationRepository
  nodes: Pick<NodeRepository, 'find'>
  now?: () => Date
}

/** So many versions are shown; all are kept. */
const SHOWN = 50

/** What operators want of nodes, and what the nodes have made of it. */
export function configurations({ configurationRows: rows, nodes, now = () => new Date() }: Dependencies) {
  async function newest(nodeId: string) {
    const row = await rows.newest(nodeId)
    if (row) return { version: row.version, settings: settingsIn(row) }
    if (!(await nodes.find(nodeId)))
      throw new Problem('unknown-node', 'This fleet has enrolled no such node.')
    return { version: 0, settings: {} }
  }

  /** Nobody's change is lost: whoever began with another version than the newest is told so. */
  async function save(nodeId: string, order: { basedOn: number; settings: unknown }, by: string) {
    const before = await newest(nodeId)
    if (order.basedOn !== before.version) throw editedMeanwhile(before.version)
    const settings = checked(order.settings)
    const changes = changeWords(before.settings, settings)
    if (changes.length === 0) return { version: before.version, changes }
    const version = before.version + 1
    const row = {
      node_id: nodeId,
      version,
      settings: JSON.stringify(settings),
      changes: JSON.stringify(changes),
    }
    if (!(await rows.add({ ...row, made_at: now(), made_by: by.slice(0, 50) })))
      throw editedMeanwhile(version)
    return { version, changes }
  }

  return {
    newest,
    save,

    /** The newest version but for `changes`; what is undefined there is taken back. */
    async change(nodeId: string, changes: Record<string, unknown>, by: string) {
      const before = await newest(nodeId)
      return await save(nodeId, { basedOn: before.version, settings: { ...before.settings, ...changes } }, by)
    },

    /** What an earlier version wanted, as a new version: nothing of the history is lost. */
    async rollBack(nodeId: string, version: number, by: string) {
      const before = await newest(nodeId)
      const row = version === 0 ? undefined : await rows.find(nodeId, version)
      if (version !== 0 && !row) throw new Problem('not-found', `This node never had a version ${version}.`)
      return await save(nodeId, { basedOn: before.version, settings: row ? settingsIn(row) : {} }, by)
    },

    /** With all that there was before, the newest first. */
    async read(nodeId: string): Promise<ConfigurationView> {
      const present = await newest(nodeId)
      const history = (await rows.list(nodeId, SHOWN)).map(versionView)
      return { nodeId, ...present, ...inForce(history), history }
    },

    async heard(nodeId: string, report: ConfigurationReport) {
      if (!(await rows.saveReport(nodeId, report, now())))
        throw new Problem('not-found', `This node never had a version ${report.version}.`)
    },
  }
}

export type VersionView = {
  version: number
  settings: Record<string, unknown>
  /** What it changed, in words. */
  changes: string[]
  madeAt: Date
  madeBy: string
  /** What the node has reported of it. */
  report?: {
    state: ConfigurationReport['state']
    steps: ConfigurationStep[]
    inForce: number
    cause?: string
    at: Date
  }
}

export type ConfigurationView = {
  nodeId: string
  /** The newest; 0 while there is none. */
  version: number
  settings: Record<string, unknown>
  /** The version by which the node lived when it last spoke of it. */
  inForce?: number
  history: VersionView[]
}

function inForce(history: VersionView[]) {
  const reports = history.flatMap(({ report }) => report ?? [])
  const latest = reports.toSorted((one, other) => other.at.getTime() - one.at.getTime())[0]
  return latest && { inForce: latest.inForce }
}

function versionView(row: ConfigurationRow): VersionView {
  const { state, in_force, reported_at, cause } = row
  return {
    version: row.version,
    settings: settingsIn(row),
    changes: z.array(z.string()).catch([]).parse(JSON.parse(row.changes)),
    madeAt: row.made_at,
    madeBy: row.made_by,
    ...(state !== null &&
      reported_at !== null && {
        report: {
          state,
          steps: z
            .array(ConfigurationStep)
            .catch([])
            .parse(JSON.parse(row.steps ?? '[]')),
          inForce: in_force ?? 0,
          ...(cause !== null && { cause }),
          at: reported_at,
        },
      }),
  }
}

/** Of a later release that was taken back they may be others than this one knows. */
export const settingsIn = ({ settings }: Pick<ConfigurationRow, 'settings'>): Record<string, unknown> =>
  z.record(z.string(), z.unknown()).parse(JSON.parse(settings))

function checked(settings: unknown): NodeSettings {
  const read = NodeSettings.safeParse(settings)
  if (read.success) return read.data
  throw new Problem('bad-request', issuesSentence(read.error.issues, 'The configuration'))
}

const editedMeanwhile = (version: number) =>
  new Problem(
    'edited-meanwhile',
    `Somebody has changed this configuration meanwhile: its newest version is ${version}. Read it and make your change again.`,
  )
