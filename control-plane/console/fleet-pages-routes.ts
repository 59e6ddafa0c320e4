import { accept } from '@sixcast/shared/runtime/answer-problems.ts'
import { Hono } from 'hono'
import { NodeQuery, selectNodes } from '../nodes/node-list.ts'
import type { OperatorEnv } from '../operators/operator-login.ts'
import type { ConsoleDependencies } from './console-dependencies.ts'
import { may, type Operator } from './console-frame.ts'
import type { Fleet } from './fleet-words.ts'
import type { LiveFleet } from './live-fleet.ts'
import { type NodesShown, nodesNow, nodesPage } from './nodes-page.ts'
import { overviewNow, overviewPage } from './overview-page.ts'

/** On the overview. */
const MOST_DEEDS = 6
const LOGINS = ['log in', 'log out']

/** The pages of all nodes: how the fleet is, and the list. */
export function fleetPagesRoutes(
  { nodeViews, audit, happeningRows, now = () => new Date() }: ConsoleDependencies,
  fleet: LiveFleet,
) {
  const overview = async (present: Fleet, operator: Operator) => ({
    ...present,
    happened: await happeningRows.listBefore({ number: Number.MAX_SAFE_INTEGER, most: MOST_DEEDS }),
    deeds: may(operator, '/console/record', 'GET') ? await lately() : [],
  })
  const lately = async () =>
    (await audit.read({ limit: 10 * MOST_DEEDS })).entries
      .filter(({ deed }) => !LOGINS.includes(deed))
      .slice(0, MOST_DEEDS)

  async function shown({ nodes }: Fleet, query: NodeQuery): Promise<NodesShown> {
    const selection = selectNodes(nodes, query)
    return { query, selection, nodes: await nodeViews.findEach(selection.ids) }
  }

  return new Hono<OperatorEnv>()
    .get('/', async (c) =>
      c.html(overviewPage(await overview(await fleet.read(), c.get('operator')), c.get('operator'), now())),
    )
    .get('/events/overview', (c) =>
      fleet.send(c, async (present) => overviewNow(await overview(present, c.get('operator')), now())),
    )
    .get('/nodes', accept('query', NodeQuery), async (c) =>
      c.html(nodesPage(await shown(await fleet.read(), c.req.valid('query')), c.get('operator'), now())),
    )
    .get('/events/nodes', accept('query', NodeQuery), (c) =>
      fleet.send(c, async (present) => nodesNow(await shown(present, c.req.valid('query')), now())),
    )
}
