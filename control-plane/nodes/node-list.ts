import * as z from 'zod'
import { usedShare } from '../limits/line-budget.ts'
import { NODE_KINDS, type NodeBrief } from './node-brief.ts'

export const NODES_ON_A_PAGE = 50
export const SORTS = ['worst', 'name', 'viewers', 'sent', 'full', 'heard', 'release'] as const
/** present: all but those that were taken out for good. doubted: who may need somebody. */
export const SHOWN = ['present', 'doubted', ...NODE_KINDS] as const

/** Which nodes an operator wants to see, as it stands in the address of the page. */
export const NodeQuery = z.object({
  q: z.string().trim().max(100).default(''),
  show: z.enum(SHOWN).default('present'),
  sort: z.enum(SORTS).default('worst'),
  page: z.coerce.number().int().min(1).max(100_000).default(1),
})
export type NodeQuery = z.infer<typeof NodeQuery>

export type NodeSelection = { ids: string[]; total: number; page: number; pages: number }

/** Whom an operator may have to see to; of those who just arrive it is not known yet. */
export const isDoubted = ({ kind }: NodeBrief) =>
  kind === 'down' || kind === 'doubtful' || kind === 'arriving'

export function selectNodes(nodes: NodeBrief[], query: NodeQuery): NodeSelection {
  const found = nodes.filter((node) => isShown(node, query) && matches(node, query.q.toLowerCase()))
  const pages = Math.max(1, Math.ceil(found.length / NODES_ON_A_PAGE))
  const page = Math.min(query.page, pages)
  const from = (page - 1) * NODES_ON_A_PAGE
  const ids = found.toSorted(ORDERS[query.sort]).slice(from, from + NODES_ON_A_PAGE)
  return { ids: ids.map(({ id }) => id), total: found.length, page, pages }
}

/** The worst first, by name among equals. */
export const worstFirst = (one: NodeBrief, other: NodeBrief) =>
  NODE_KINDS.indexOf(one.kind) - NODE_KINDS.indexOf(other.kind) || other.urgency - one.urgency

function isShown(node: NodeBrief, { show }: NodeQuery) {
  if (show === 'present') return node.kind !== 'retired'
  return show === 'doubted' ? isDoubted(node) : node.kind === show
}

function matches({ id, name, addresses, streams, release }: NodeBrief, sought: string) {
  const texts = [id, name, ...addresses, ...streams, ...(release ? [release] : [])]
  return sought === '' || texts.some((text) => text.toLowerCase().includes(sought))
}

/** Made once: to make one takes as long as to compare a hundred times. */
const byNumbers = new Intl.Collator('en', { numeric: true })

type Order = (one: NodeBrief, other: NodeBrief) => number
const most =
  (of: (node: NodeBrief) => number | undefined): Order =>
  (one, other) =>
    (of(other) ?? -1) - (of(one) ?? -1)

/** Those that are equal stay as they were read: by name. */
const ORDERS: Record<NodeQuery['sort'], Order> = {
  worst: worstFirst,
  name: () => 0,
  viewers: most(({ load }) => load?.viewers),
  sent: most(({ load }) => load?.bitsPerSecond),
  full: most(usedShare),
  heard: most(({ heardAt }) => heardAt?.getTime()),
  release: (one, other) => byNumbers.compare(one.release ?? '', other.release ?? ''),
}
