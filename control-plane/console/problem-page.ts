import type { Problem } from '@sixcast/shared/contract/problem.ts'
import { html } from 'hono/html'
import { brand } from '../look/html-page.ts'
import { bareFrame } from './console-frame.ts'

/** By code: what happened, and what it means or what to do. What the problem itself says comes first. */
const words: Partial<Record<Problem['code'], [what: string, then: string]>> = {
  'not-logged-in': ['Your login is over.', 'Log in again; nothing was changed.'],
  'foreign-request': ['This form is out of date.', 'Load its page again; nothing was changed.'],
  'not-allowed': ['This is not yours.', 'Your role does not allow it. Ask an admin; nothing was changed.'],
  'unknown-node': ['There is no such node.', 'The address may be mistyped.'],
  'unknown-stream': ['There is no such stream.', 'The address may be mistyped.'],
  'not-found': ['There is nothing here.', 'The address may be mistyped, or it was removed.'],
  unavailable: ['The database does not answer.', 'Load the page again in some seconds.'],
  bug: ['This did not work.', 'The reason stands in the control plane’s log.'],
}

/** When something was refused or is not there: what, in words, and the way on. */
export function problemPage(problem: Problem) {
  const [what, then] = words[problem.code] ?? ['This was refused.', 'Nothing was changed.']
  return bareFrame(
    what,
    html`<main id="content" class="login"><section class="stack">
${brand('/console')}
<h1>${what}</h1>
<p class="quiet">${problem.message === problem.code ? then : problem.message}</p>
<p><a class="button" href="/console">Go to the console</a></p>
</section></main>`,
  )
}
