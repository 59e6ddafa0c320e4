import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { promisify } from 'node:util'
import { writeAtomically } from '@sixcast/shared/runtime/atomic-file.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { sleep } from '@sixcast/shared/runtime/repeat.ts'
import { Box, describeBox } from './encoding-budget.ts'

type Machine = Box['machine']

type Dependencies = {
  /** Where what was measured is kept. */
  path: string
  measure: (machine: Machine) => Promise<Box>
  machine?: () => Promise<Machine>
  log: Log
}

export type KeptBox = ReturnType<typeof keepBox>

/** No stream begins while a node starts, if it can be helped. */
const LOOK_MS = 20_000
const LONGEST_PAUSE_MS = 3_600_000

/** What this node's machine can encode: measured once, and again when its hardware or its ffmpeg is another. */
export function keepBox({ path, measure, machine = thisMachine, log }: Dependencies) {
  let box = readBox(path)
  let measuring: Promise<Box> | undefined
  let trouble: string | undefined

  async function measureNow(): Promise<Box> {
    trouble = undefined
    const measured = await measure(await machine())
    if (box && !measured.speeds.length && isOf(box, measured.machine)) return keep(box)
    writeAtomically(path, JSON.stringify(measured))
    box = measured
    log.info(describeBox(measured))
    for (const { encoder, why } of measured.unusable) log.info(`${encoder} does not work here`, { why })
    return measured
  }

  /** A machine on which nothing works that has worked was too busy to tell. */
  function keep(known: Box): Box {
    trouble = `At ${new Date().toISOString().slice(11, 16)} UTC it was too busy to be measured; what was known before holds.`
    log.warn(trouble)
    return known
  }

  /** Measures anew, once for all who ask meanwhile. */
  function remeasure(): Promise<Box> {
    measuring ??= measureNow().finally(() => {
      measuring = undefined
    })
    return measuring
  }

  return {
    /** As last measured; undefined if it never was. */
    box: () => box,
    isMeasuring: () => measuring !== undefined,
    /** Why the last attempt gave nothing, for people. */
    trouble: () => trouble,
    remeasure,
    /** Measures if that is needed, as soon as it disturbs nobody; later again if the machine was too busy to tell. */
    async measureWhen(quiet: () => boolean, signal: AbortSignal, lookMs = LOOK_MS) {
      for (let pauseMs = lookMs; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
        do await sleep(pauseMs, signal)
        while (!signal.aborted && !quiet())
        if (signal.aborted || isOf(box, await machine())) return
        await remeasure()
      }
    },
  }
}

/** A box of which no speed is known was too busy when it was measured. */
function isOf(box: Box | undefined, { ffmpeg, cpu, cores }: Machine): boolean {
  const known = box?.speeds.length ? box.machine : undefined
  return known?.ffmpeg === ffmpeg && known.cpu === cpu && known.cores === cores
}

/** What cannot be read is measured again. */
function readBox(path: string): Box | undefined {
  try {
    return Box.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    return undefined
  }
}

async function thisMachine(): Promise<Machine> {
  const { stdout } = await promisify(execFile)('ffmpeg', ['-version'])
  const ffmpeg = /^ffmpeg version (\S+)/.exec(stdout)?.[1] ?? 'unknown'
  return { ffmpeg, cpu: boardModel() ?? cpus()[0]?.model ?? 'unknown', cores: availableParallelism() }
}

/** Small boards have no processor name, but a name of their own. */
function boardModel(): string | undefined {
  try {
    return readFileSync('/proc/device-tree/model', 'utf8').replaceAll('\0', '')
  } catch {
    return undefined
  }
}
