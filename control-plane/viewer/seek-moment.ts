import type { Engine } from './engine.ts'
import { placeOf, readMoment } from './moment.ts'
import { element } from './page-element.ts'
import type { Picture } from './picture.ts'
import type { PlayerWords } from './player-words.ts'

const TOLD_MS = 10_000

type Parts = { engine: Engine; picture: Picture; words: PlayerWords }

/** Goes to the moment that the page's address names, as soon as it is known what the player has; and keeps on the page which moment is shown, for who shares it. */
export function seekMoment({ engine, picture, words }: Parts) {
  let moment = readMoment(location.search)
  return () => {
    element('stage').dataset.takenAt = `${engine.delay()?.takenAt ?? ''}`
    const kept = moment === undefined ? undefined : engine.kept?.()
    if (moment === undefined || !kept) return
    const place = placeOf(moment, kept)
    moment = undefined
    if (place === 'gone') tell(words.momentGone)
    else if (place !== undefined) picture.toMoment(place)
  }
}

/** For a while: the picture moves. */
function tell(sentence: string) {
  const told = element('told')
  told.textContent = sentence
  told.hidden = false
  setTimeout(() => {
    told.hidden = true
  }, TOLD_MS)
}
