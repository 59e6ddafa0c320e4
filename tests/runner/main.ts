import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { closingLine, lastWords, type Outcome, sumOf, vitestOutcome } from './outcome.ts'
import { inOwnNetwork, ownNetworksWork } from './own-network.ts'
import { runStep } from './run-step.ts'

// Runs every check, tells each as it ends, and closes with one plain line of counts.
const [suite = 'quick', ...filter] = process.argv.slice(2)
// Everything that tests leave lying about goes with this folder, also when they were killed.
const folder = mkdtempSync(join(tmpdir(), 'sixcast-test-'))
const report = (name: string) => join(folder, `${name}.json`)
const vitest = (project: string, name = project, files = filter) => [
  ...['node_modules/.bin/vitest', 'run', '--project', project],
  ...(filter.length ? ['--passWithNoTests'] : []),
  ...['--reporter=default', '--reporter=json', `--outputFile.json=${report(name)}`, ...files],
]

const checks: { name: string; outcome: () => Promise<Outcome> }[] = [
  { name: 'types', outcome: () => plain(['node_modules/.bin/tsc', '--noEmit']) },
  { name: 'lint', outcome: () => plain(['node_modules/.bin/biome', 'check', '--error-on-warnings']) },
  { name: 'unit and system', outcome: inTwoLanes },
]
const deep = [{ name: 'deep', outcome: () => counted('deep', inOwnNetwork(vitest('deep'))) }]

const outcomes: Outcome[] = []
for (const { name, outcome } of suite === 'deep' ? deep : checks) {
  const startedAt = Date.now()
  const found = await outcome()
  const { passed, failed, retried = [] } = found
  outcomes.push(found)
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1)
  process.stdout.write(
    `${failed ? '✗' : '✓'} ${name}: ${passed} passed, ${failed} failed, ${retried.length} retried (${seconds} s)\n\n`,
  )
}
rmSync(folder, { recursive: true })
const total = sumOf(outcomes)
process.stdout.write(lastWords(total) + closingLine(total))
process.exit(total.failed ? 1 : 0)

/**
 * Whole fleets wait more than they work: two at a time, each in a network of its own, where the promised ports are free. The unit
 * tests go before the fleets of one lane.
 */
async function inTwoLanes(): Promise<Outcome> {
  const files = systemFiles().filter((file) => !filter.length || filter.some((part) => file.includes(part)))
  const outcomes: Outcome[] = []
  async function unit() {
    outcomes.push(await counted('unit', vitest('unit')))
  }
  async function lane() {
    for (let file = files.shift(); file; file = files.shift()) {
      const command = inOwnNetwork(vitest('system', basename(file), [file]))
      outcomes.push(vitestOutcome(report(basename(file)), await runStep(command, folder, 'at-its-end')))
    }
  }
  await Promise.all(ownNetworksWork() ? [unit().then(lane), lane()] : [unit().then(lane)])
  return sumOf(outcomes)
}

/** The longest first, so that no lane begins one of them when the other is done. */
function systemFiles(): string[] {
  const longest = ['launcher', 'conformance', 'survives', 'watch', 'lab', 'alerts'].map(
    (name) => `tests/system/${name}.test.ts`,
  )
  const all = readdirSync('tests/system').filter((file) => file.endsWith('.test.ts'))
  return [...new Set([...longest, ...all.map((file) => `tests/system/${file}`)])]
}

async function plain(command: string[]): Promise<Outcome> {
  return (await runStep(command, folder)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

async function counted(project: string, command: string[]): Promise<Outcome> {
  return vitestOutcome(report(project), await runStep(command, folder))
}
