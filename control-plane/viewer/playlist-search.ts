const FIRST_RETRY_MS = 400
const LONGEST_RETRY_MS = 4000
/** While nothing is live the page is told of the beginning; asking is only for the case that it was not. */
const IDLE_RETRY_MS = 10_000
const ASK_MS = 2500
const PLAYLIST_MS = 4000
/** Attempts until all kinds of ways have had their turn. */
const ROUND = 3

/** What the control plane answers when it is asked where the stream is now. */
export type Answer = { kind: 'here'; playlist: string } | { kind: 'not-live' } | { kind: 'silent' }

export type KnownPlaylists = {
  /** The control plane's own, with every way in it; empty for what is not steered. */
  play: string
  direct: string
  relay: string
}

/**
 * Where to try next, best first: two attempts as the control plane steers, because what plays without it stays where it is, then one by
 * turns straight from the node or through the relay. Nothing while there is nothing to play.
 */
export function nextPlaylists(answer: Answer, attempt: number, known: KnownPlaylists): string[] {
  if (answer.kind === 'not-live') return []
  const direct = (answer.kind === 'here' && answer.playlist) || known.direct
  const play = answer.kind === 'here' ? known.play : ''
  const turn = play ? Math.floor(attempt / ROUND) : attempt
  const beside = turn % 2 === 0 ? [direct, known.relay] : [known.relay, direct]
  const steered = attempt % ROUND !== ROUND - 1
  return (steered ? [play, ...beside] : [...beside, play]).filter(Boolean)
}

/** Asks the control plane to put last what has not played. */
export const playUrl = (play: string, exclude: string[]) =>
  play && exclude.length > 0 ? `${play}?${new URLSearchParams({ exclude: exclude.join(',') })}` : play

/** How long to wait before the n-th attempt (from 0): never longer than a few seconds, never all viewers at once. */
export function retryMs(attempt: number, random: () => number = Math.random): number {
  return Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt, 10)) * (0.75 + random() / 2)
}

/** Looks for a playlist that answers, as long as it takes. The old picture plays on from its buffer meanwhile. */
export function searchPlaylist(name: string, known: KnownPlaylists) {
  const { play } = known
  let failures = 0
  let hurried = false
  let wake = () => {}

  /** Over at once when something changed for the better while nobody was waiting, too. */
  const pause = (ms: number) =>
    new Promise<void>((resolve) => {
      wake = resolve
      setTimeout(resolve, hurried ? 0 : ms)
      hurried = false
    })

  function learn(direct: string) {
    known.direct = direct || known.direct
  }

  /** Absent when `given up`: somebody has begun another search. */
  async function next(givenUp: AbortSignal): Promise<string | undefined> {
    for (let wait = retryMs(failures); ; ) {
      await pause(wait)
      const answer = await ask(name)
      if (givenUp.aborted) return undefined
      if (answer.kind === 'here') learn(answer.playlist)
      const urls = nextPlaylists(answer, failures, known)
      if (urls.length > 0) failures += 1
      const url = await firstThatAnswers(urls, givenUp)
      if (url || givenUp.aborted) return url
      wait = urls.length > 0 ? retryMs(failures) : IDLE_RETRY_MS
    }
  }

  return {
    next,
    learn,
    /** These pathways have failed the player. */
    exclude(pathways: string[]) {
      known.play = playUrl(play, pathways)
    },
    failures: () => failures,
    succeeded() {
      failures = 0
    },
    /** Something has changed for the better: no pause now. */
    hurry() {
      failures = 0
      hurried = true
      wake()
    },
  }
}

async function ask(name: string): Promise<Answer> {
  const response = await get(`/streams/${name}`, ASK_MS)
  if (response?.status === 404) return { kind: 'not-live' }
  const place = response?.ok ? await response.json().catch(() => undefined) : undefined
  return place
    ? { kind: 'here', playlist: `http://${place.host}/${name}/${place.manifest}` }
    : { kind: 'silent' }
}

async function firstThatAnswers(urls: string[], givenUp: AbortSignal): Promise<string | undefined> {
  for (const url of urls) {
    const response = await get(url, PLAYLIST_MS)
    if (givenUp.aborted) return undefined
    if (response?.ok) return url
  }
}

function get(url: string, ms: number): Promise<Response | undefined> {
  return fetch(url, { cache: 'no-store', signal: AbortSignal.timeout(ms) }).catch(() => undefined)
}
