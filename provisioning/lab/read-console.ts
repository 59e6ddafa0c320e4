import { Refusal } from '../launcher/refusal.ts'
import { PUBLIC_URL } from './lab-units.ts'
import type { Answer } from './perform-verb.ts'
import type { Lab } from './start-lab.ts'

const PATIENCE_MS = 5000

/** Logs in as the operator would, and reads the first page of the console. */
export async function readConsole({ password }: Pick<Lab, 'password'>): Promise<Answer> {
  const form = new URLSearchParams({ name: 'admin', password })
  const login = await ask('/console/login', { method: 'POST', body: form, headers: { origin: PUBLIC_URL } })
  const cookie = login.headers.get('set-cookie')?.split(';')[0]
  if (!cookie) throw new Refusal(`The console lets nobody in: it answers ${login.status}.`)
  const page = await ask('/console', { headers: { cookie } })
  return { said: textOf(await page.text()) }
}

const ask = (path: string, how: RequestInit) =>
  fetch(`${PUBLIC_URL}${path}`, { ...how, redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) })

/** What a person would read there: a line for each paragraph and each row. */
export function textOf(page: string): string {
  const [, main = ''] = /<main[^>]*>(.*)<\/main>/s.exec(page.replace(/<p class="notice".*?<\/p>/gs, '')) ?? []
  return main
    .replace(/\s+/g, ' ')
    .replace(/<\/(?:h1|p|li|tr)>/g, '\n')
    .replace(/<\/t[hd]>/g, '  ')
    .replace(/<[^>]+>/g, '')
    .replace(/&(amp|lt|gt|quot|#39);/g, (_, name: keyof typeof SIGNS) => SIGNS[name])
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .join('\n')
}

const SIGNS = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }
