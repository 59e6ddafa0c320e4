import { spawnSync } from 'node:child_process'
import { cpus } from 'node:os'
import { inOwnNetwork } from '../tests/runner/own-network.ts'
import { measureFleet } from './measure-fleet.ts'

// Measures in a network of its own, so that the promised ports are free and nothing else talks.
if (process.argv[2] !== 'inside') {
  const [program = '', ...options] = inOwnNetwork([process.execPath, import.meta.filename, 'inside'])
  process.exit(spawnSync(program, options, { stdio: 'inherit' }).status ?? 1)
}

const [{ model } = { model: 'unknown' }] = cpus()
process.stdout.write(
  `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${model}, Node ${process.version}\n\n`,
)
await measureFleet((line) => process.stdout.write(`${line}\n`))
