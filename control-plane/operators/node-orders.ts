import { NodeSettings } from '@sixcast/shared/contract/configuration.ts'
import { Problem } from '@sixcast/shared/contract/problem.ts'
import { printable } from '@sixcast/shared/runtime/printable.ts'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import { presentActor } from '../audit/actor.ts'
import type { Commands } from '../commands/commands.ts'
import type { Configurations, VersionView } from '../configuration/configurations.ts'
import { butForWords, readSetting, SETTINGS, settingText } from '../configuration/setting-words.ts'
import type { NodeView } from '../nodes/node-view.ts'
import { alignedColumns } from './aligned-columns.ts'

type Said = { sentence: string; data: Record<string, unknown> }

export type OrderDependencies = {
  configurations: Pick<Configurations, 'change' | 'read' | 'rollBack'>
  commands: Pick<Commands, 'ask' | 'read'>
  nodeViews: { list: () => Promise<NodeView[]> }
}

/** What is wanted of a node now, what it has made of it, and what came before. */
export async function showConfiguration(
  [id = '']: string[],
  { configurations }: OrderDependencies,
): Promise<Said> {
  const view = await configurations.read(id)
  const settings = Object.entries(view.settings).map(([name, value]) => [
    `  ${name}`,
    settingText(name, value),
  ])
  const steps = view.history[0]?.report?.steps ?? []
  const butFor = view.inForce === view.version ? butForWords(steps) : ''
  const lines = [
    view.version
      ? `Version ${view.version}, ${inForceWords(view)}${butFor}:`
      : 'Nobody has asked anything of this node yet.',
    ...(settings.length ? [alignedColumns(settings)] : []),
    ...steps.map(
      ({ setting, outcome, why }) => `  ${setting}: ${outcome}${why ? `. ${printable(why)}` : ''}`,
    ),
    ...(view.history.length ? ['', alignedColumns(view.history.map(historyRow))] : []),
  ]
  return { sentence: lines.join('\n'), data: view }
}

function inForceWords({ version, inForce }: { version: number; inForce?: number }): string {
  if (inForce === undefined) return 'of which the node has not spoken yet'
  return inForce === version ? 'by which the node lives' : `while the node lives by ${inForce || 'none'}`
}

const historyRow = ({ version, madeAt, madeBy, changes, report }: VersionView) => [
  String(version),
  madeAt.toISOString(),
  madeBy,
  report ? report.state : 'not heard',
  [...changes, ...(report?.cause ? [`(back: ${report.cause})`] : [])].join('; '),
]

/** `all` stands for every node that is not revoked. A setting without a value is taken back. */
export async function configure([ids = '', ...typed]: string[], rooms: OrderDependencies): Promise<Said> {
  const changes = Object.fromEntries(typed.map(readChange))
  const nodes = ids === 'all' ? await presentNodes(rooms) : ids.split(',')
  const made: { id: string; version: number; changes: string[] }[] = []
  for (const id of nodes)
    made.push({ id, ...(await rooms.configurations.change(id, changes, presentActor().who)) })
  const lines = made.map(
    ({ id, version, changes }) =>
      `${id}: version ${version}${changes.length ? `, ${changes.join('; ')}` : ', nothing to change'}`,
  )
  return { sentence: lines.join('\n') || 'There is no node.', data: { made } }
}

const presentNodes = async ({ nodeViews }: OrderDependencies) =>
  (await nodeViews.list()).filter(({ revokedAt }) => !revokedAt).map(({ id }) => id)

function readChange(typed: string): [name: string, value: unknown] {
  const [, name = '', value = ''] = /^([^=]+)=(.*)$/s.exec(typed) ?? []
  if (!Object.hasOwn(NodeSettings.shape, name))
    throw new Problem(
      'bad-request',
      `${typed} sets nothing: write NAME=VALUE, with one of ${SETTINGS.join(', ')}.`,
    )
  return [name, readSetting(name, value)]
}

export async function rollBack(
  [id = '', version = '']: string[],
  { configurations }: OrderDependencies,
): Promise<Said> {
  if (!/^\d{1,9}$/.test(version))
    throw new Problem('bad-request', `${version} is no version: it is a number.`)
  const made = await configurations.rollBack(id, Number(version), presentActor().who)
  const what = made.changes.join('; ') || 'nothing to change'
  return {
    sentence: `Version ${made.version} wants what version ${version} did: ${what}.`,
    data: { id, ...made },
  }
}

const LOOK_EVERY_MS = 300

/** Asks, and waits until it is known what came of it: the control plane gives up by itself what takes too long. */
export async function command(
  [id = '', name = '', unit]: string[],
  { commands }: OrderDependencies,
): Promise<Said> {
  const asked = await commands.ask(id, { name, unit }, presentActor().who)
  for (;;) {
    const { state, outcome } = await commands.read(id, asked.id)
    if (OVER.has(state))
      return {
        sentence: `${state}: ${printable(outcome ?? 'nothing was said of it')}`,
        data: { id: asked.id, state, outcome },
      }
    await sleep(LOOK_EVERY_MS)
  }
}

const OVER = new Set(['done', 'failed', 'unsupported', 'expired'])
