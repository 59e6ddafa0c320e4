const KEY = 'sixcast-latest'
const { lang: language } = document.documentElement

export type LatestList = { cards: string; at: Date }

/** The service worker keeps the landing page as it was loaded; its list has gone on since. A search is not kept. */
export function keepList({ cards, at }: LatestList) {
  if (location.search !== '') return
  storage()?.setItem(KEY, JSON.stringify({ language, cards, at }))
}

/** The list that was shown last, if it is later than `loadedAt`. */
export function latestList(loadedAt: Date): LatestList | undefined {
  const kept = JSON.parse(storage()?.getItem(KEY) ?? '{}')
  const at = new Date(kept.at)
  const counts = kept.language === language && at > loadedAt && location.search === ''
  return counts ? { cards: String(kept.cards), at } : undefined
}

/** Absent where the browser lets pages keep nothing. */
function storage(): Storage | undefined {
  try {
    return localStorage
  } catch {
    return undefined
  }
}
