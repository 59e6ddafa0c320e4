import type { Texts } from './texts/viewer-texts.ts'

/** The page hands them to its player in its own language. */
export type PlayerWords = Texts['player']

/** `Auto` says which rendition it has come to. */
export const autoWords = ({ auto }: PlayerWords, playing: string | undefined) =>
  playing ? `${auto} · ${playing}` : auto

/** How old the picture is: tenths while they matter, written as the language writes them. */
export const delayWords = (seconds: number, language: string) => `${figure(seconds, language)} s`

/** The same for those who hear the page, and what a press does. */
export function liveLabel(
  { live, behind, toLive }: PlayerWords,
  seconds: number | undefined,
  { language, tooFar }: { language: string; tooFar: boolean },
): string {
  const delay = seconds === undefined ? '' : `, ${behind.replace('{seconds}', figure(seconds, language))}`
  return `${live}${delay}${tooFar ? `. ${toLive}` : ''}`
}

function figure(seconds: number, language: string): string {
  const digits = seconds < 10 ? 1 : 0
  return seconds.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits })
}
