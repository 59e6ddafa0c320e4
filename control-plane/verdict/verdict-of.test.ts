import type { VerdictStep } from '@sixcast/shared/contract/verdict.ts'
import { expect, test } from 'vitest'
import type { NodeView } from '../nodes/node-view.ts'
import { verdictOf } from './verdict-of.ts'

const now = new Date('2026-11-20T12:00:00Z')
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000)

const found = { family: 6, is: true, since: ago(60), checkedAt: ago(4) } as const
const missed = { ...found, is: false, cause: 'Your router drops it.', remedy: 'Open TCP 8084.' } as const
const fetched = {
  family: 6,
  is: true,
  since: ago(50),
  checkedAt: ago(20),
  stream: 'golive',
  bytes: 40_100,
  milliseconds: 120,
} as const
const notFetched = {
  family: 6,
  is: false,
  since: ago(50),
  checkedAt: ago(5),
  stream: 'golive',
  cause: 'Of golive …',
} as const
const standing = (state: 'pending' | 'healthy' | 'suspect' | 'unreachable') => [
  { family: 6 as const, state, since: ago(9) },
]
const well: NodeView = {
  id: 'depot2345depot2345de',
  name: 'depot',
  enrolledAt: ago(70),
  alive: { is: true, since: ago(69) },
  heardAt: ago(3),
  claimed: '2a01::7',
  reachable: [found],
  standings: standing('healthy'),
  segments: [fetched],
  line: { family: 6, bitsPerSecond: 20_400_000, triedAt: ago(55) },
  streams: ['golive'],
}
const { alive: _, claimed: __, ...unheard } = well
const { claimed: ___, ...withoutAddress } = well
const unprobed = { reachable: [], standings: [], segments: [] }
const fromNowhere = { ...withoutAddress, ...unprobed }

type Words = [address: VerdictStep['is'], probe: VerdictStep['is'], segment: VerdictStep['is']]

test.each<[string, NodeView, 'passed' | 'failed' | 'waiting', Words]>([
  ['a node that is well', well, 'passed', ['passed', 'passed', 'passed']],
  [
    'a node with nothing live',
    { ...well, streams: [], segments: [] },
    'passed',
    ['passed', 'passed', 'skipped'],
  ],
  ['what was live before', { ...well, streams: ['other'] }, 'waiting', ['passed', 'passed', 'waiting']],
  ['a stream that has just begun', { ...well, segments: [] }, 'waiting', ['passed', 'passed', 'waiting']],
  [
    'segments that do not come',
    { ...well, segments: [notFetched] },
    'failed',
    ['passed', 'passed', 'failed'],
  ],
  [
    'a first segment that did not come',
    { ...well, segments: [{ ...notFetched, since: ago(5) }] },
    'waiting',
    ['passed', 'passed', 'waiting'],
  ],
  [
    'a node that was just enrolled',
    { ...unheard, ...unprobed },
    'waiting',
    ['waiting', 'skipped', 'skipped'],
  ],
  [
    'a node that is asked for the first time',
    { ...well, ...unprobed },
    'waiting',
    ['passed', 'waiting', 'skipped'],
  ],
  [
    'a closed router',
    { ...well, reachable: [missed], standings: standing('unreachable') },
    'failed',
    ['passed', 'failed', 'skipped'],
  ],
  [
    'a closed router, told before standings were',
    { ...well, reachable: [missed], standings: [] },
    'failed',
    ['passed', 'failed', 'skipped'],
  ],
  [
    'a first probe in vain',
    { ...well, reachable: [missed], standings: standing('pending') },
    'waiting',
    ['passed', 'waiting', 'skipped'],
  ],
  [
    'one probe in vain after many',
    { ...well, reachable: [missed], standings: standing('suspect') },
    'waiting',
    ['passed', 'waiting', 'skipped'],
  ],
  [
    'a node that is found over IPv4 as well',
    {
      ...well,
      otherAddress: '45.66.1.1',
      reachable: [found, { ...found, family: 4 as const }],
      segments: [fetched, { ...fetched, family: 4 as const }],
    },
    'passed',
    ['passed', 'passed', 'passed'],
  ],
  [
    'a node whose other address nobody was promised',
    { ...well, otherAddress: '45.66.1.1', reachable: [{ ...missed, family: 4 as const }, found] },
    'passed',
    ['passed', 'skipped', 'passed'],
  ],
  [
    'a silent node',
    { ...well, alive: { is: false, since: ago(40) } },
    'failed',
    ['failed', 'skipped', 'skipped'],
  ],
  ['a revoked node', { ...well, revokedAt: ago(4) }, 'failed', ['failed', 'skipped', 'skipped']],
  ['a node without an address', fromNowhere, 'failed', ['failed', 'skipped', 'skipped']],
  [
    'a node behind an IPv4 router alone',
    { ...fromNowhere, addressCase: 'nat-v4' },
    'failed',
    ['failed', 'skipped', 'skipped'],
  ],
  ['a copied card', { ...well, quarantinedUntil: ago(-300) }, 'failed', ['failed', 'skipped', 'skipped']],
  [
    'a node that may still get an address',
    { ...fromNowhere, alive: { is: true, since: ago(3) } },
    'waiting',
    ['waiting', 'skipped', 'skipped'],
  ],
])('of %s', (_, node, is, words) => {
  const verdict = verdictOf(node, now)
  const word = (step: string) => verdict.steps.find((each) => each.step === step)?.is
  expect([verdict.is, word('address'), word('probe'), word('segment')]).toEqual([is, ...words])
  for (const step of ['name', 'certificate'])
    expect(verdict.steps.find((each) => each.step === step)).toMatchObject({
      is: 'skipped',
      cause: 'Not in this release.',
    })
})

test('what fails has a cause and a remedy, what passes says what was found, each with its date and family', () => {
  const both = {
    ...well,
    reachable: [missed, { ...found, family: 4 as const }],
    standings: standing('unreachable'),
    segments: [{ ...fetched, family: 4 as const }],
  }
  const { is, steps } = verdictOf(both, now)
  expect(is, 'one of two ways is closed').toBe('failed')
  expect(steps.filter(({ step }) => step === 'probe')).toEqual([
    {
      step: 'probe',
      family: 6,
      is: 'failed',
      since: ago(60).toISOString(),
      cause: 'Your router drops it.',
      remedy: 'Open TCP 8084.',
    },
    expect.objectContaining({ family: 4, is: 'passed', found: expect.stringContaining('2a01::7') }),
  ])
  expect(steps.at(-1)).toMatchObject({
    step: 'segment',
    family: 4,
    found: 'One of golive came: 41 KB in 120 ms.',
  })
})

test('who has no address for viewers is told what it has instead, and what to do', () => {
  expect(verdictOf({ ...fromNowhere, addressCase: 'nat-v4' }, now).steps[0]).toMatchObject({
    cause: expect.stringMatching(/^It has .*nobody outside can connect to it\.$/),
    remedy: expect.stringContaining('CLAIMED_ADDRESS'),
  })
})

const { line: _line, ...unmeasured } = well
test.each<[string, NodeView, Partial<VerdictStep>]>([
  ['was measured', well, { is: 'passed', family: 6, found: '20 Mbit/s: about 6 viewers at 720p.' }],
  [
    'takes one viewer',
    { ...well, line: { family: 6, bitsPerSecond: 3_900_000, triedAt: now } },
    { is: 'passed', found: '3.9 Mbit/s: about 1 viewer at 720p.' },
  ],
  [
    'takes nobody',
    { ...well, line: { family: 6, bitsPerSecond: 900_000, triedAt: now } },
    { is: 'failed', cause: '0.9 Mbit/s: too little for one viewer at 720p.', remedy: expect.any(String) },
  ],
  [
    'could not be measured again',
    { ...well, line: { family: 6, bitsPerSecond: 1.2e9, triedAt: now, cause: 'C' } },
    { is: 'passed', found: '1,200 Mbit/s: about 360 viewers at 720p.' },
  ],
  [
    'could not be measured',
    { ...well, line: { family: 6, triedAt: now, cause: 'C' } },
    { is: 'skipped', cause: 'C' },
  ],
  [
    'is being measured',
    { ...unmeasured, reachable: [{ ...found, since: ago(10) }] },
    { is: 'waiting', cause: 'Its line is being measured from outside.' },
  ],
  ['nobody has had time for', unmeasured, { is: 'skipped', cause: 'Its line has not been measured yet.' }],
  [
    'belongs to a node that is not found',
    { ...well, reachable: [missed] },
    { is: 'skipped', cause: 'The probe comes first.' },
  ],
])('a line that %s', (_, node, expected) => {
  expect(verdictOf(node, now).steps.find(({ step }) => step === 'upload')).toMatchObject(expected)
})

test('each step is told in the order in which it can be mended', () => {
  expect(verdictOf(well, now).steps.map(({ step }) => step)).toEqual([
    'address',
    'name',
    'certificate',
    'probe',
    'upload',
    'segment',
  ])
})
