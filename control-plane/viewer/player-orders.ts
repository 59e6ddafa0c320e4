import type { PlayerWords } from './player-words.ts'
import type { WatchState } from './watch-page.ts'

/** What the page has its player do, as its stage carries it. */
export function readOrders({ dataset }: HTMLElement) {
  const { name = '', relayPort, engine = '' } = dataset
  const state: WatchState = JSON.parse(dataset.state ?? '{}')
  const words: PlayerWords = JSON.parse(dataset.words ?? '{}')
  return {
    name,
    state,
    words,
    /** The control plane's own playlist, with every way in it; DASH knows no such steering. */
    play: engine === 'dash' ? '' : `${location.origin}/play/${name}`,
    relay: `http://${location.hostname}:${relayPort}/${name}/index.m3u8`,
  }
}
