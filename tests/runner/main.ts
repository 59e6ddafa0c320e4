import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { closingLine, type Outcome, type Retried, retriedLines, vitestOutcome } from './outcome.ts'
import { inOwnNetwork } from './own-network.ts'
import { runStep } from './run-step.ts'

// Runs every check, tells each as it ends, and closes with one plain line of counts.
const [suite = 'quick', ...filter] = process.argv.slice(2)
// Everything that tests leave lying about goes with this folder, also when they were killed.
const folder = mkdtempSync(join(tmpdir(), 'sixcast-test-'))
const report = (project: string) => join(folder, `${project}.json`)
const vitest = (project: string) => [
  ...['node_modules/.bin/vitest', 'run', '--project', project],
  ...(filter.length ? ['--passWithNoTests'] : []),
  ...['--reporter=default', '--reporter=json', `--outputFile.json=${report(project)}`, ...filter],
]

const checks: { name: string; outcome: () => Promise<Outcome> }[] = [
  { name: 'types', outcome: () => plain(['node_modules/.bin/tsc', '--noEmit']) },
  { name: 'lint', outcome: () => plain(['node_modules/.bin/biome', 'check', '--error-on-warnings']) },
  { name: 'unit', outcome: () => counted('unit', vitest('unit')) },
  { name: 'system', outcome: () => counted('system', inOwnNetwork(vitest('system'))) },
]
const deep = [{ name: 'deep', outcome: () => counted('deep', inOwnNetwork(vitest('deep'))) }]

const total: Outcome = { passed: 0, failed: 0 }
const again: Retried[] = []
for (const { name, outcome } of suite === 'deep' ? deep : checks) {
  const startedAt = Date.now()
  const { passed, failed, retried = [] } = await outcome()
  total.passed += passed
  total.failed += failed
  again.push(...retried)
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1)
  process.stdout.write(
    `${failed ? '✗' : '✓'} ${name}: ${passed} passed, ${failed} failed, ${retried.length} retried (${seconds} s)\n\n`,
  )
}
rmSync(folder, { recursive: true })
process.stdout.write(retriedLines(again) + closingLine(total))
process.exit(total.failed ? 1 : 0)

async function plain(command: string[]): Promise<Outcome> {
  return (await runStep(command, folder)) === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }
}

async function counted(project: string, command: string[]): Promise<Outcome> {
  return vitestOutcome(report(project), await runStep(command, folder))
}
