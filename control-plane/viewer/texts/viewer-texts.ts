import { english } from './english.ts'
import { spanish } from './spanish.ts'

export type Texts = typeof english

export const LANGUAGES = ['en', 'es'] as const
export type Language = (typeof LANGUAGES)[number]

const texts: Record<Language, Texts> = { en: english, es: spanish }
export const textsIn = (language: Language): Texts => texts[language]

/** The language of ours that a browser likes best, by its `Accept-Language`; English for who wants another. */
export function languageOf(accepted = ''): Language {
  const wanted = accepted
    .split(',')
    .map(readRange)
    .filter(({ weight }) => weight > 0)
    .toSorted((one, other) => other.weight - one.weight)
  const known = (name: string) => LANGUAGES.find((language) => language === name)
  return wanted.map(({ name }) => known(name)).find(Boolean) ?? 'en'
}

/** `es-MX;q=0.8`: of a language only its first part counts. */
function readRange(range: string) {
  const [tag = '', ...options] = range
    .trim()
    .toLowerCase()
    .split(/\s*;\s*/)
  const [, weight = '1'] = options.join().match(/^q=(\d(?:\.\d{0,3})?)$/) ?? []
  return { name: tag.split('-')[0] ?? '', weight: Number(weight) }
}
