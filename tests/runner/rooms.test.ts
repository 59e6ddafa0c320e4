import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { expect, test } from 'vitest'

const checkout = resolve(import.meta.dirname, '../..')

/** Media's rooms build on one another: each takes code only from those before it, and main.ts joins them all. */
const MEDIA = [
  ...['api', 'clock', 'ladder', 'packager', 'ingest', 'encoder', 'pulls'],
  ...['thumbnails', 'delivery', 'metrics', 'mirrors', 'streams', 'client'],
]

/** Where the rooms of the other processes are joined. Everybody else keeps to his room. */
const JOINING = {
  'control-plane': [
    ...['main.ts', 'prober-thread.ts', 'link-thread.ts', 'watch-thread.ts', 'cli.ts'],
    ...['app.ts', 'rooms.ts', 'watch-orders.ts', 'audited-deeds.ts'],
  ],
  'appliance/agent': ['main.ts', 'cli.ts', 'app.ts', 'agent.ts', 'orders.ts', 'membership.ts', 'member.ts'],
}

/** What any room may use of another besides its types: it decides nothing and keeps nothing. */
const LENT = {
  'control-plane/cannot-listen.ts': 'pure: a sentence',
  'control-plane/describe-answers.ts': 'words of the API description',
  'control-plane/addresses/': 'pure: how addresses are written and compared',
  'control-plane/alerts/alert.ts': 'pure: whether an alert is open, and which is worse',
  'control-plane/alerts/alert-rules.ts': 'pure: which rules there are, and what they mean',
  'control-plane/alerts/alert-words.ts': 'pure: what alerts add up to, in words',
  'control-plane/audit/actor.ts': 'who acts, for the record',
  'control-plane/configuration/setting-words.ts': 'pure: how settings are written and read',
  'control-plane/secrets/': 'pure: how secrets are made and hashed',
  'control-plane/look/': 'what both faces share',
  'control-plane/database/duplicate-key.ts': 'pure: what an error of the database means',
  'control-plane/database/gathered.ts': 'how statements of one moment are joined',
  'control-plane/database/other-address-counts.ts': 'which address counts, for statements that join it',
  'control-plane/history/read-history.ts': 'which stretches are read, and how one is',
  'control-plane/history/series.ts': 'pure: what is kept of a measurement',
  'control-plane/history/size-forecast.ts': 'pure: what measurements will take',
  'control-plane/history/storage-forecast.ts': 'pure: when a disk is full',
  'control-plane/history/told-history.ts': 'pure: measurements as people read them',
  'control-plane/limits/line-budget.ts': 'pure: how much may be sent over a line',
  'control-plane/limits/node-service.ts': 'pure: what a node is to viewers and operators, in a word',
  'control-plane/mirrors/mirror-choice.ts': 'pure: how a choice is read',
  'control-plane/mirrors/mirror-words.ts': 'pure: how the copies of a stream stand, in words',
  'control-plane/nodes/signed-requests.ts': 'the list of problems that a signature can have',
  'control-plane/nodes/node-brief.ts': 'pure: how a node does, in a word',
  'control-plane/nodes/node-list.ts': 'pure: which nodes are sought, in which order, a page at a time',
  'control-plane/nodes/node-words.ts': 'pure: how a node stands, in words',
  'control-plane/reachability/probe-failure.ts': 'pure: what to do about a failed probe, in words',
  'control-plane/verdict/verdict-of.ts': 'pure: what the facts of a node mean for viewers',
  'control-plane/steering/pathway-id.ts': 'pure: how a pathway is called, and to which node it leads',
  'control-plane/beacons/experience.ts': 'pure: what counted beacons add up to',
  'control-plane/beacons/experience-words.ts': 'pure: the same, in words',
  'control-plane/operators/roles.ts': 'pure: who may do what',
  'control-plane/operators/token-scopes.ts': 'pure: what a token may do',
  'control-plane/operators/operator-login.ts':
    'the name of the field that every form carries, and the door that knows roles',
  'control-plane/streams/known-reports.ts':
    'what nodes have said of streams, for statements that ask for more',
  'control-plane/streams/stream-listing.ts': 'pure: what viewers see of a stream, and in which order',
  'control-plane/streams/found-at.ts': 'pure: at which of its addresses a node is fetched from',
  'control-plane/streams/revoked-key.ts': 'pure: a sentence',
  'control-plane/streams/stream-state.ts': 'pure: whose word about a stream counts',
  'control-plane/steering/viewer-site.ts': 'pure: what stands on one line',
  'control-plane/streams/viewer-host.ts': 'pure: where a viewer fetches a stream',
  'appliance/agent/told-once.ts': 'how a lasting trouble is told once',
  'appliance/agent/identity/revoked-sentence.ts': 'pure: a sentence',
  'appliance/agent/metrics/process-table.ts': 'pure: whose process it is',
  'appliance/agent/requests/answer.ts': 'one question to the control plane, and what its answer means',
}

test('a room of media takes code only from those before it', () => {
  const root = 'appliance/media'
  const order = [...MEDIA, ABOVE]
  const place = (file: string) => order.indexOf(roomOf(root, file))
  expect(new Set(sources(root).map((file) => roomOf(root, file)))).toEqual(new Set(order))
  expect(acrossRooms(root).filter(([file, imported]) => place(imported) > place(file))).toEqual([])
})

test.each(Object.entries(JOINING))('the rooms of %s are joined in %j, and nowhere else', (root, joining) => {
  const reached = acrossRooms(root)
    .filter(([file]) => !joining.includes(relative(root, file)))
    .filter(([, imported]) => !Object.keys(LENT).some((lent) => imported.startsWith(lent)))
  expect(reached).toEqual([])
})

test.each(['shared', 'control-plane', 'appliance/agent', 'appliance/media'])(
  '%s takes nothing from another process',
  (root) => {
    const taken = sources(root).flatMap((file) => imports(file).map(({ path }) => [file, path] as const))
    expect(taken.length).toBeGreaterThan(0)
    expect(taken.filter(([, path]) => !path.startsWith(`${root}/`))).toEqual([])
  },
)

test('what is lent to other rooms is used by them', () => {
  const used = Object.keys(JOINING).flatMap((root) =>
    sources(root).flatMap((file) => codeImports(file).filter((each) => dirname(each) !== dirname(file))),
  )
  expect(Object.keys(LENT).filter((lent) => !used.some((each) => each.startsWith(lent)))).toEqual([])
})

test('timers are repeat.ts’s and the browser’s', () => {
  const server = ['shared', 'control-plane', 'appliance', 'provisioning'].flatMap(sources)
  const timers = server.filter((file) => /\bset(Timeout|Interval|Immediate)\(/.test(read(file)))
  const allowed = new Set(['shared/runtime/repeat.ts', ...browserScripts()])
  expect(allowed.size).toBeGreaterThan(3)
  expect(timers.filter((file) => !allowed.has(file))).toEqual([])
})

test('a process is ended by its main.ts or cli.ts alone', () => {
  const all = ['shared', 'control-plane', 'appliance', 'provisioning', 'nginx'].flatMap(sources)
  const ending = all.filter((file) => /\bprocess\.exit\(/.test(read(file)))
  expect(ending.length).toBeGreaterThan(2)
  expect(ending.filter((file) => !/\/(main|cli)\.ts$/.test(file))).toEqual([])
})

/** What ships: without tests and what only they use. */
function sources(root: string): string[] {
  const ours = (file: string) => !/node_modules|\.test\.ts$|\/(start-test|fake)-[^/]+$/.test(file)
  return globSync(`${root}/**/*.ts`, { cwd: checkout }).filter(ours)
}

const read = (file: string) => readFileSync(join(checkout, file), 'utf8')

/** What a process has above its rooms is a room too. */
const ABOVE = ''

/** The first folder below the process. */
const roomOf = (root: string, file: string) => relative(root, dirname(file)).split('/')[0] ?? ABOVE

/** Who imports code of another room of his process, and which. */
function acrossRooms(root: string): (readonly [file: string, imported: string])[] {
  return sources(root)
    .flatMap((file) => codeImports(file).map((imported) => [file, imported] as const))
    .filter(([file, imported]) => roomOf(root, file) !== roomOf(root, imported))
}

/** The files of ours from which code is imported, not types alone. */
function codeImports(file: string): string[] {
  return imports(file)
    .filter(({ names }) => !isTypes(names))
    .map(({ path }) => path)
}

function imports(file: string): { names: string; path: string }[] {
  const found = read(file).matchAll(/^(?:import|export) ([\w\s{},*]*?)(?:from )?'(\.[^']+\.ts)'/gm)
  return [...found].map(([, names = '', path = '']) => ({ names, path: join(dirname(file), path) }))
}

function isTypes(names: string): boolean {
  if (names.startsWith('type ')) return true
  const each = names
    .replaceAll(/[{}]/g, '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean)
  return each.length > 0 && each.every((name) => name.startsWith('type '))
}

/** What pages load, and what that imports. */
function browserScripts(): string[] {
  const found = new Set(
    sources('control-plane').flatMap((file) =>
      [...read(file).matchAll(/new URL\('([\w-]+\.ts)', import\.meta\.url\)/g)].map(([, name = '']) =>
        join(dirname(file), name),
      ),
    ),
  )
  for (const script of found) for (const imported of codeImports(script)) found.add(imported)
  return [...found]
}
