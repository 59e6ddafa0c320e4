import { Refusal } from '../launcher/refusal.ts'
import { PUBLIC_URL } from './lab-units.ts'
import type { Lab } from './start-lab.ts'

const PATIENCE_MS = 5000

/** Logs in as the operator would, and asks the control plane for something. */
export async function askAsOperator(
  { password }: Pick<Lab, 'password'>,
  path: string,
  how: RequestInit & { headers?: Record<string, string> } = {},
): Promise<Response> {
  const headers = { ...how.headers, cookie: await login(password), origin: PUBLIC_URL }
  return ask(path, { ...how, headers })
}

async function login(password: string): Promise<string> {
  const body = new URLSearchParams({ name: 'admin', password })
  const answer = await ask('/console/login', { method: 'POST', body, headers: { origin: PUBLIC_URL } })
  const [cookie] = answer.headers.get('set-cookie')?.split(';') ?? []
  if (!cookie) throw new Refusal(`The console lets nobody in: it answers ${answer.status}.`)
  return cookie
}

const ask = (path: string, how: RequestInit) =>
  fetch(`${PUBLIC_URL}${path}`, { ...how, redirect: 'manual', signal: AbortSignal.timeout(PATIENCE_MS) })
