import { spawnSync } from 'node:child_process'
import { cpus, loadavg } from 'node:os'
import { inOwnNetwork } from '../tests/runner/own-network.ts'
import { BENCH_HELP, type BenchOptions, parseBenchOptions } from './bench-options.ts'
import { measureConsole } from './measure-console.ts'
import { measureCost } from './measure-cost.ts'
import { measureDelivery } from './measure-delivery.ts'
import { measureFailover } from './measure-failover.ts'
import { measureFleetLoad } from './measure-fleet-load.ts'
import { measureIdleFleet } from './measure-idle-fleet.ts'
import { measureJoin } from './measure-join.ts'
import { measureLatency } from './measure-latency.ts'
import { measureSteering } from './measure-steering.ts'

const [place, ...words] = process.argv.slice(2)
const inside = place === 'inside'
const { bench, seconds } = readOptions(inside ? words : process.argv.slice(2))

// Measures in a network of its own, so that the promised ports are free and nothing else talks.
if (!inside) {
  const again = [process.execPath, import.meta.filename, 'inside', ...process.argv.slice(2)]
  const [program = '', ...options] = inOwnNetwork(again)
  process.exit(spawnSync(program, options, { stdio: 'inherit' }).status ?? 1)
}

const say = (line: string) => process.stdout.write(`${line}\n`)
const [{ model } = { model: 'unknown' }] = cpus()
const load = loadavg()[0]?.toFixed(1)
say(
  `${new Date().toISOString().slice(0, 10)}, ${cpus().length} × ${model}, Node ${process.version}, load ${load} before\n`,
)
if (bench === 'start') await measureIdleFleet(say)
if (bench === 'fleet') await measureFleetLoad({ seconds, say })
if (bench === 'console') await measureConsole({ seconds, say })
if (bench === 'latency') await measureLatency({ seconds, say })
if (bench === 'delivery') await measureDelivery({ seconds, say })
if (bench === 'steering') await measureSteering({ seconds, say })
if (bench === 'failover') await measureFailover({ say })
if (bench === 'join') await measureJoin({ say })
if (bench === 'cost') await measureCost({ seconds, say })

function readOptions(args: string[]): BenchOptions {
  try {
    return parseBenchOptions(args)
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${BENCH_HELP}\n`)
    return process.exit(2)
  }
}
