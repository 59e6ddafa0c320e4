import { askAsOperator } from './as-operator.ts'
import type { Answer } from './perform-verb.ts'
import type { Lab } from './start-lab.ts'

export async function readConsole(lab: Lab): Promise<Answer> {
  const [overview, nodes] = await Promise.all(
    ['/console', '/console/nodes'].map(async (path) => (await askAsOperator(lab, path)).text()),
  )
  return { said: [overview, nodes].map((page = '') => textOf(page)).join('\n') }
}

/** What a person would read there: a line for each paragraph and each row. */
export function textOf(page: string): string {
  const [, main = ''] =
    /<main[^>]*>(.*)<\/main>/s.exec(page.replace(/<p class="notice".*?<\/p>|<(svg|form) .*?<\/\1>/gs, '')) ??
    []
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
