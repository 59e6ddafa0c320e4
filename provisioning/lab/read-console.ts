import { askAsOperator } from './as-operator.ts'
import type { Answer } from './perform-verb.ts'
import type { Lab } from './start-lab.ts'

export async function readConsole(lab: Lab): Promise<Answer> {
  const page = await askAsOperator(lab, '/console')
  return { said: textOf(await page.text()) }
}

/** What a person would read there: a line for each paragraph and each row. */
export function textOf(page: string): string {
  const [, main = ''] = /<main[^>]*>(.*)<\/main>/s.exec(page.replace(/<p class="notice".*?<\/p>/gs, '')) ?? []
  return main
    .replace(/\s+/g, ' ')
    .replace(/<td.*?<\/td>/g, (cell) => cell.replaceAll('</li>', ' ')) // a row is a line
    .replace(/<\/(?:h1|p|li|tr)>/g, '\n')
    .replace(/<\/(?:t[hd]|ul|span)>/g, '  ')
    .replace(/<[^>]+>/g, '')
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, name: keyof typeof SIGNS) => SIGNS[name])
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .join('\n')
}

const SIGNS = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
