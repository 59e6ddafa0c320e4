// hls.js stands before this as the global `Hls`.
import type HlsClass from 'hls.js'
import type { ErrorData, Events, FragLoadingData, HlsConfig, HlsListeners } from 'hls.js'

import { goOnSeamlessly } from './seamless-ways.ts'

declare const Hls: typeof HlsClass

export type HlsWays = ReturnType<typeof hlsWays>

type Told = {
  /** The ways in the order in which this player should have them. */
  prefer: (order: string[]) => string[]
  /** A request to this way has failed; hls.js may be about to make something of it. */
  stumbled: (pathway: string) => void
}

/** The ways that a hls.js knows by its playlist and by steering, which it takes, and how it is made to take another. */
export function hlsWays(hls: HlsClass, { prefer, stumbled }: Told) {
  const origins = new Map<string, string>()
  let order: string[] = []
  let arrivals = 0
  let loading: FragLoadingData[] = []

  function learn(pathway: string | undefined, url: string | undefined) {
    if (!pathway || !url || origins.has(pathway)) return
    origins.set(pathway, new URL(url, location.href).origin)
    order = [...order, pathway]
  }

  goOnSeamlessly(hls)
  hls.on(Hls.Events.MANIFEST_LOADED, (_, { levels }) => {
    for (const { attrs, url } of levels) learn(attrs['PATHWAY-ID'], url)
  })
  // Told before hls.js takes the order out of the same list: what is spared comes last whoever made it (content-steering-controller.ts, 1.7.4).
  hls.on(Hls.Events.STEERING_MANIFEST_LOADED, (_, { steeringManifest }) => {
    for (const { ID, 'URI-REPLACEMENT': uris } of steeringManifest['PATHWAY-CLONES'] ?? [])
      learn(ID, Object.values(uris['PER-VARIANT-URIS'] ?? {})[0])
    const steered = steeringManifest['PATHWAY-PRIORITY']
    order = [...new Set([...steered, ...order])].filter((pathway) => origins.has(pathway))
    steered.splice(0, steered.length, ...prefer(steered))
  })
  hls.on(Hls.Events.FRAG_LOADING, (_, data) => {
    loading = [...loading.slice(-1), data] // one of the picture, one of the sound
  })
  const arrived = () => {
    arrivals += 1
  }
  for (const event of ['FRAG_LOADED', 'LEVEL_LOADED', 'AUDIO_TRACK_LOADED'] as const)
    hls.on(Hls.Events[event] as Events.FRAG_LOADED, arrived as HlsListeners[Events.FRAG_LOADED])
  hls.on(Hls.Events.ERROR, (_, error) => {
    const pathway = error.type === Hls.ErrorTypes.NETWORK_ERROR ? pathwayAt(urlOf(error)) : undefined
    if (pathway) stumbled(pathway)
  })

  const pathwayAt = (url: string | undefined) => {
    if (!url) return undefined
    const { origin } = new URL(url, location.href)
    return [...origins].find(([, at]) => at === origin)?.[0]
  }

  function leave({ frag, part }: FragLoadingData) {
    const { stats } = part ?? frag
    if (frag.type !== 'main' || stats.loading.end > 0 || stats.aborted) return
    frag.abortRequests()
    hls.trigger(Hls.Events.FRAG_LOAD_EMERGENCY_ABORTED, { frag, part: part ?? null, stats })
  }

  /** hls.js knows levels of one pathway at a time. What is not steered has none. */
  const present = () => hls.levels[0]?.attrs['PATHWAY-ID']

  return {
    /** All of them, best first. */
    order: () => order,
    present,
    pingUrl: (pathway: string) => `${origins.get(pathway)}/ping`,
    /** Rises with whatever comes from the present way. */
    arrivals: () =>
      arrivals * 2 ** 40 + loading.reduce((sum, { frag, part }) => sum + (part ?? frag).stats.loaded, 0),
    /**
     * `pathwayPriority` has playlists and sound loaded anew, but waits for the picture that is under way: that is given up as hls.js
     * itself does when a line becomes slow. (`stopLoad` would have it forget which parts of the growing segment it has; then it
     * waits until the segment is whole.) False if hls.js will not go there.
     */
    take(ways: string[]): boolean {
      hls.pathwayPriority = ways
      for (const each of loading) leave(each)
      return present() === ways[0]
    },
  }
}

const urlOf = ({ url, frag, part, context }: ErrorData) => url ?? part?.url ?? frag?.url ?? context?.url

/** Asks the steering to spare this player what has failed it. */
export const sparingSetup =
  (spared: () => string[]): NonNullable<HlsConfig['xhrSetup']> =>
  (xhr, url, { type }) => {
    if (String(type) !== 'steering-manifest' || spared().length === 0) return
    const asked = new URL(url)
    asked.searchParams.set('exclude', spared().join(','))
    xhr.open('GET', asked.href, true)
  }
