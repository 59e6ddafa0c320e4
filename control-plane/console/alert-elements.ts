import { html } from 'hono/html'
import type { Alert } from '../alerts/alert.ts'
import type { Severity } from '../alerts/alert-rules.ts'
import type { Html } from '../look/html-page.ts'

export const SEVERITY_WORDS: Record<Severity, string> = { bad: 'urgent', warn: 'worth a look' }

/** What is silenced needs nobody: it has no colour. */
export const severityState = (severity: Severity, isSilenced = false) =>
  isSilenced
    ? html`<span class="state off">silenced</span>`
    : html`<span class="state ${severity}">${SEVERITY_WORDS[severity]}</span>`

/** `isRow`: the whole row is the link. */
export function subjectLink({ kind, id, name }: Alert['subject'], isRow = false): Html {
  if (kind === 'fleet') return html`${name}`
  return html`<a${isRow ? html` class="row"` : ''} href="/console/${kind}s/${id}">${name}</a>`
}

const HOURS = [
  ['1', '1 hour'],
  ['8', '8 hours'],
  ['24', '1 day'],
] as const

/** Of what nobody is to be told, for how long, and why. */
export const silenceFields = (
  scopes: [of: string, words: string][],
  forEver?: string,
) => html`<label for="of">Silence</label>
<select id="of" name="of">${scopes.map(([of, words]) => html`<option value="${of}">${words}</option>`)}</select>
<label for="hours">For</label>
<select id="hours" name="hours">${HOURS.map(([hours, words]) => html`<option value="${hours}">${words}</option>`)}${forEver ? html`<option value="">${forEver}</option>` : ''}</select>
<label for="reason">Why <span class="quiet">for the others</span></label>
<input id="reason" name="reason" maxlength="200" autocomplete="off">
<button>Silence</button>`
