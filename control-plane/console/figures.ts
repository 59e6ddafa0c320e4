import { html } from 'hono/html'
import { elapsed } from '../look/elapsed.ts'

/** What stands where nothing was measured. */
export const nothing = html`<span class="quiet unknown">–</span>`

export const percent = (share: number) => (Number.isFinite(share) ? `${Math.round(share)} %` : 'full')

const GIB = 2 ** 30
export const gigabytes = (bytes: number) => `${(bytes / GIB).toFixed(bytes < 10 * GIB ? 1 : 0)} GB`

/** The relative time, with the absolute one on hover. */
export const ago = (date: Date, now: Date) => moment(date, elapsed(date, now))

export const moment = (date: Date, words = absolute(date)) =>
  html`<time datetime="${date.toISOString()}" title="${absolute(date)}">${words}</time>`

const absolute = (date: Date) => `${date.toISOString().slice(0, 19).replace('T', ' ')} UTC`
