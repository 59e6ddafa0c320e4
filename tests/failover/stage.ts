import { describe } from '../../shared/runtime/log.ts'
import { sleep } from '../../shared/runtime/repeat.ts'
import { startTestLab, type TestLab } from '../setup/start-test-lab.ts'
import { eventually } from '../system/eventually.ts'
import { labQuestions, MIRROR, nodesAmong, ORIGIN, STREAM } from './ask-lab.ts'
import { followAddresses, followLocations } from './follow-lines.ts'
import { gatherViewers } from './gather-viewers.ts'

/** Ten segments of two seconds: nobody can be thirteen seconds behind a stream that has just begun. */
const WINDOW_MS = 20_000

export type Stage = ReturnType<typeof stageIn>

export const setStage = async (nodes: number) => stageIn(await startTestLab({ nodes }), nodes)

/** A lab with a live stream, what can be done to it, and what can be seen of it. */
export function stageIn(lab: TestLab, nodes: number) {
  const questions = labQuestions(lab)
  const { does, curl, pathways } = questions
  let mirrored: Promise<string | undefined> | undefined

  /** Everything runs, and so many nodes have the stream. */
  async function settled(copies: number) {
    await does('heal')
    for (let n = 1; n <= nodes; n++) await does(`await ${n} reachable`)
    await eventually(async () => {
      const hosts = nodesAmong(await pathways())
      if (hosts.length < copies) throw new Error(`only ${hosts.join(', ') || 'nobody'} has the stream`)
    }, 60_000)
  }

  /** The one place where a copy of the stream is ordered; says why there is none. */
  async function orderMirror(): Promise<string | undefined> {
    try {
      await does(`mirror ${ORIGIN} ${MIRROR}`)
    } catch (error) {
      return describe(error)
    }
    await settled(2)
    return undefined
  }

  return {
    ...questions,
    ...gatherViewers(questions),
    nodes,
    settled,
    /** Once for all; absent when there is one. */
    lacksMirror() {
      mirrored ??= orderMirror()
      return mirrored
    },
    /** Says of how many rungs the ladder is. */
    async publish(): Promise<number> {
      await does(`publish ${ORIGIN}`)
      const { found } = await eventually(async () => {
        const variants = (await curl(`/play/${STREAM}`)).matchAll(/STABLE-VARIANT-ID="([^"]+)"/g)
        const rungs = new Set([...variants].map(([, id]) => id)).size
        if (rungs === 0) throw new Error('no way leads to the stream yet')
        return rungs
      }, 60_000)
      await sleep(WINDOW_MS)
      return found
    },
    locations: () => followLocations(lab),
    kernelAddresses: (n: number) => followAddresses(lab, n),
    stop: lab.stop,
  }
}
