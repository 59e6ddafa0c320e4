import { DIAGNOSTICS_BYTES } from '@sixcast/shared/contract/node-command.ts'
import { answerProblems, limitBody } from '@sixcast/shared/runtime/answer-problems.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { Hono } from 'hono'
import { openAPIRouteHandler } from 'hono-openapi'
import { ownProxies } from './addresses/forwarded-source.ts'
import { believeProxies } from './addresses/source-address.ts'
import { alertRoutes } from './alerts/alert-routes.ts'
import { auditRoutes } from './audit/audit-routes.ts'
import { beaconRoutes } from './beacons/beacon-routes.ts'
import { experienceRoutes } from './beacons/experience-routes.ts'
import type { BeaconKeeper } from './beacons/keep-beacons.ts'
import { commandRoutes } from './commands/command-routes.ts'
import type { CommandWatch } from './commands/watch-commands.ts'
import type { Config } from './config.ts'
import { configurationRoutes } from './configuration/configuration-routes.ts'
import type { ConfigurationWatch } from './configuration/watch-configurations.ts'
import { consoleRoutes } from './console/console-routes.ts'
import { recogniseDatabaseAway } from './database/database-away.ts'
import { securitySchemes } from './describe-answers.ts'
import { claimRoutes } from './enrolment/claim-routes.ts'
import { enrolmentRoutes } from './enrolment/enrolment-routes.ts'
import { expositionRoutes } from './exposition/exposition-routes.ts'
import { healthRoutes } from './health/health-routes.ts'
import { historyRoutes } from './history/history-routes.ts'
import { dutyRoutes } from './limits/duty-routes.ts'
import type { Link } from './link/link-access.ts'
import { mqttAuthRoutes } from './link/mqtt-auth-routes.ts'
import { answerSecurity } from './look/answer-security.ts'
import { look } from './look/look.ts'
import type { MirrorPlanner } from './mirrors/mirror-plan.ts'
import { mirrorRoutes } from './mirrors/mirror-routes.ts'
import { heartbeatRoutes } from './nodes/heartbeat-routes.ts'
import { nodeListRoutes } from './nodes/node-list-routes.ts'
import { otherAddressRoutes } from './nodes/other-address-routes.ts'
import { signedRequests } from './nodes/signed-requests.ts'
import { operatorLogin } from './operators/operator-login.ts'
import { refusalLimit } from './refusal-limit.ts'
import type { Rooms } from './rooms.ts'
import { admission } from './steering/admission.ts'
import { eventLoopDelay } from './steering/event-loop-delay.ts'
import { fleetSnapshot } from './steering/fleet-snapshot.ts'
import { goRoutes } from './steering/go-routes.ts'
import { pathwayChoice } from './steering/pathway-choice.ts'
import { steeringRoutes } from './steering/steering-routes.ts'
import { whyRoutes } from './steering/why-routes.ts'
import { authorizeRoutes } from './streams/authorize-routes.ts'
import { streamCatalogRoutes } from './streams/stream-catalog-routes.ts'
import { streamLocationRoutes } from './streams/stream-location-routes.ts'
import { streamRoutes } from './streams/stream-routes.ts'
import { openVerdictRoutes, verdictLinkRoutes } from './verdict/verdict-link-routes.ts'
import { verdictRoutes } from './verdict/verdict-routes.ts'
import { unknownAddressRoutes, viewerRoutes } from './viewer/viewer-routes.ts'

/** They are for people, and describe themselves. */
const PAGES = [/^\/console/, /^\/$/, /^\/events\//]

type Dependencies = {
  rooms: Rooms
  config: Pick<Config, 'rhythm' | 'publicUrl' | 'relayPort' | 'trustedProxies'> &
    Partial<Pick<Config, 'relayBudget' | 'relayUrl'>>
  link: Pick<Link, 'accessFor' | 'rights'>
  configurationWatch: Pick<ConfigurationWatch, 'versionOf' | 'lookNow'>
  mirrorPlanner: Pick<MirrorPlanner, 'newsFor'>
  commandWatch: Pick<CommandWatch, 'waitsFor' | 'lookNow'>
  /** A node has come (back), or asks to be found elsewhere. */
  appeared: (nodeId: string) => void
  beacons: Pick<BeaconKeeper, 'count'>
  /** Viewers say that a node has failed them. */
  lost: (nodeId: string, worth: 'look' | 'watch') => void
  log: Log
  /** Told what went wrong where nobody waits for an answer. */
  report: (error: unknown) => void
}

/** Mounts the rooms, one line each: for nodes, operators and viewers, and for viewers alone. */
export function controlPlaneApps(dependencies: Dependencies) {
  const { rooms, config, link, mirrorPlanner, configurationWatch, commandWatch } = dependencies
  const { appeared, beacons, lost, log, report } = dependencies
  const signed = signedRequests(rooms)
  const limit = refusalLimit({ refusals: 30, perMs: 60_000 })
  const logins = refusalLimit({ refusals: 10, perMs: 5 * 60_000 })
  const tokenLimit = refusalLimit({ refusals: 10, perMs: 5 * 60_000 })
  const login = operatorLogin({ ...rooms, ...config, tokens: rooms.apiTokens, limit: logins, tokenLimit })
  const failures = { report, recognise: recogniseDatabaseAway }

  const fleet = fleetSnapshot({ ...rooms, report })
  const choice = pathwayChoice({ fleet, admission: admission(config), ...config })

  const viewing: Hono = new Hono()
    .route('/', streamLocationRoutes({ ...rooms, ...config }))
    .route('/', steeringRoutes({ choice, isLate: eventLoopDelay().isLate }))
    .route('/', goRoutes({ choice, ...failures }))
    .route('/', beaconRoutes({ beacons, fleet, lost }))
    .route('/', openVerdictRoutes({ ...rooms, links: rooms.verdictLinks, limit, ...failures }))
    .route('/', look.routes)
    .route('/', viewerRoutes({ ...rooms, ...config, ...failures }))

  const newsFor = (nodeId: string) => ({
    ...mirrorPlanner.newsFor(nodeId),
    configuration: configurationWatch.versionOf(nodeId),
    ...(commandWatch.waitsFor(nodeId) && { commands: true }),
  })
  // In groups with a type of their own: the types of one long chain take checkers minutes.
  const forNodes: Hono = new Hono()
    .route('/', enrolmentRoutes(rooms))
    .route('/', heartbeatRoutes({ ...rooms, ...config, signed, mqttFor: link.accessFor, newsFor, appeared }))
    .route('/', otherAddressRoutes({ ...rooms, signed, appeared }))
    .route('/', streamRoutes({ ...rooms, signed, log }))
    .route('/', authorizeRoutes({ ...rooms, signed, limit, log }))
    .route('/', mqttAuthRoutes(link))

  const forBoth: Hono = new Hono()
    .route('/', configurationRoutes({ ...rooms, signed, login, saved: configurationWatch.lookNow }))
    .route('/', commandRoutes({ ...rooms, signed, login, asked: commandWatch.lookNow }))
    .route('/', verdictRoutes({ ...rooms, signed, login }))
    .route('/', verdictLinkRoutes({ ...rooms, links: rooms.verdictLinks, signed, login }))

  const forOperators: Hono = new Hono()
    .route('/', dutyRoutes({ ...rooms, login }))
    .route('/', auditRoutes({ ...rooms, login }))
    .route('/', claimRoutes({ ...rooms, login }))
    .route('/', nodeListRoutes({ ...rooms, login }))
    .route('/', streamCatalogRoutes({ ...rooms, login }))
    .route('/', alertRoutes({ ...rooms, ...config, login }))
    .route('/', whyRoutes({ choice, login }))
    .route('/', mirrorRoutes({ ...rooms, login }))
    .route('/', experienceRoutes({ ...rooms, login }))
    .route('/', historyRoutes({ ...rooms, login }))
    .route('/', expositionRoutes({ ...rooms, login }))
    .route('/', consoleRoutes({ ...rooms, choice, login, ...failures }))

  const proxies = believeProxies(ownProxies(config.trustedProxies))
  const security = answerSecurity(config)
  const forAll = answeringApp(log).use(proxies, security)
  for (const routes of [healthRoutes(rooms), forNodes, forBoth, viewing, forOperators])
    forAll.route('/', routes as Hono)
  forAll.get('/openapi.json', openAPIRouteHandler(forAll, { documentation, exclude: PAGES }))
  const forViewers = answeringApp(log).use(proxies, security).route('/', viewing)
  for (const app of [forAll, forViewers]) app.route('/', unknownAddressRoutes)
  return { forAll, forViewers }
}

function answeringApp(log: Log): Hono {
  const app = new Hono()
  answerProblems(app, log, recogniseDatabaseAway)
  const [usual, large] = [limitBody(), limitBody(DIAGNOSTICS_BYTES)]
  const photograph = limitBody(PHOTOGRAPH_BYTES)
  return app.use((c, next) => {
    if (POSTER.test(c.req.path)) return photograph(c, next)
    return (DIAGNOSTICS.test(c.req.path) ? large : usual)(c, next)
  })
}

/** Where a node may send more than any other request holds. */
const DIAGNOSTICS = /^\/v1\/commands\/[0-9a-f]{12}\/diagnostics$/

/** As cameras make them: that it is too large for a poster is said on the page. */
const PHOTOGRAPH_BYTES = 16 * 1024 * 1024
const POSTER = /^\/console\/streams\/[^/]+\/poster$/

const documentation = {
  info: {
    title: 'Sixcast control plane',
    version: '1',
    description: `Tells players where a live stream is, and is told so by the nodes that carry it. Every refusal is one
\`code\` of a closed list, often with a \`message\` for people. What is tagged \`public\` may be asked by anybody.`,
  },
  servers: [{ url: '/' }],
  components: { securitySchemes },
}
