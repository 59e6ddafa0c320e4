import type { Log } from '@sixcast/shared/runtime/log.ts'
import type { NoteProblem } from './stream-problems.ts'

type Dependencies = {
  name: string
  /** Aborts when its publisher leaves. */
  gone: AbortSignal
  /** Told in words for people what is wrong. */
  noted?: NoteProblem
  log: Log
}

/** Says that a publisher sends no picture, and afterwards what became of that. */
export function tellOfPicture({ name, gone, log, ...dependencies }: Dependencies) {
  let isMissing = false
  gone.addEventListener('abort', () => becomes('Its publisher left without having sent a picture.'))

  function becomes(sentence: string) {
    if (isMissing) note(sentence)
    isMissing = false
  }

  function note(sentence: string) {
    log.warn(sentence, { stream: name })
    dependencies.noted?.(name, sentence, 'picture')
  }

  return {
    missing() {
      isMissing = true
      note('It sends no picture. It is shown as soon as its encoder sends one.')
    },
    came: () => becomes('It sent no picture at first.'),
  }
}
