import { placeOfHost } from '../../provisioning/lab/topology.ts'
import type { ListedNode } from '../../provisioning/launcher/operator-commands.ts'
import type { TestLab } from '../setup/start-test-lab.ts'
import { eventually } from '../system/eventually.ts'

export const CLOUD = 'http://[2a10:0:c::1]:9090'
export const STREAM = 'camera-1'
/** To which the stream is published, and which may copy it. */
export const ORIGIN = 1
export const MIRROR = 2

type Standings = { standings?: { family: 4 | 6; state: string }[] }

export type LabQuestions = ReturnType<typeof labQuestions>

/** What a lab is told to do, and what its control plane says of its nodes and its stream. */
export function labQuestions({ does: perform }: Pick<TestLab, 'does'>) {
  const does = async (verb: string) => (await perform(verb)).data
  const says = async (verb: string) => (await perform(verb)).said
  const curl = (path: string, options = '') => says(`in viewer-6 curl -sS -m 5 ${options} '${CLOUD}${path}'`)

  async function standing(n: number): Promise<string> {
    const { listed = [] } = (await does('status')) as { listed?: (ListedNode & Standings)[] }
    return listed.find(({ name }) => name === `node-${n}`)?.standings?.[0]?.state ?? ''
  }

  return {
    does,
    says,
    curl,
    standing,

    /** How long it takes until a node stands so, in seconds from a moment on; never, when it does not. */
    async becomes(n: number, wanted: string[], since: number, withinS = 90): Promise<number> {
      const look = async () => {
        const is = await standing(n)
        if (!wanted.includes(is)) throw new Error(`node ${n} is ${is}`)
        return (Date.now() - since) / 1000
      }
      const found = await eventually(look, withinS * 1000).catch(() => undefined)
      return found?.found ?? Number.POSITIVE_INFINITY
    },

    /** The places that a player is given for the stream now, best first. */
    async pathways(): Promise<string[]> {
      const hosts = [...(await curl(`/play/${STREAM}`)).matchAll(/^http:\/\/(.+?)\/.+$/gm)]
      return [...new Set(hosts.map(([, host = '']) => host))]
    },
  }
}

export const nodesAmong = (hosts: string[]) => hosts.filter((host) => placeOfHost(host).startsWith('node-'))
