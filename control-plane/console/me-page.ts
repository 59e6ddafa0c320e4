import { html } from 'hono/html'
import type { ApiToken } from '../operators/api-tokens.ts'
import type { OpenSession } from '../operators/open-sessions.ts'
import { ROLE_WORDS } from '../operators/roles.ts'
import { consoleFrame, csrfField, type Operator } from './console-frame.ts'
import { sessionsSection } from './sessions-section.ts'
import { ownTokensSection, type TypedToken } from './tokens-section.ts'

export type MePage = {
  operator: Operator
  now: Date
  sessions: OpenSession[]
  tokens: ApiToken[]
  /** A token that was just made: shown this once. */
  made?: { name: string; token: string }
  /** What cannot be, and where it was tried. */
  token?: { typed: TypedToken; problem: string }
  problem?: string
}

/** For whoever is logged in: his logins, his tokens, his password. */
export const mePage = ({ operator, now, sessions, tokens, made, token, problem }: MePage) => {
  const own = { operator, now, of: { name: operator.operator, path: '/console/me' } }
  return consoleFrame({
    title: 'You',
    operator,
    at: 'me',
    content: html`<h1>You are ${operator.operator}</h1>
<p class="lead">Your role is ${operator.role}: ${ROLE_WORDS[operator.role]}.</p>
${ownTokensSection({ ...own, tokens, made, ...token })}
${sessionsSection({ ...own, sessions })}
${passwordSection(operator, problem)}`,
  })
}

const passwordSection = (
  operator: Operator,
  problem: string | undefined,
) => html`<section class="deed" aria-labelledby="password">
<h2 id="password">Change your password</h2>
<p class="quiet">Twelve characters or more. Every login of yours ends with it, this one too; tokens stay as they are.</p>
<form class="stack" method="post" action="/console/me/password">${csrfField(operator)}
${problem ? html`<p class="problem" role="alert">${problem}</p>` : ''}
<input type="text" name="username" value="${operator.operator}" autocomplete="username" hidden>
<label for="present">Present password</label>
<input id="present" name="present" type="password" required autocomplete="current-password" maxlength="1000">
<label for="next">New password</label>
<input id="next" name="next" type="password" required minlength="12" maxlength="1000" autocomplete="new-password">
<button class="first">Change it</button>
</form>
</section>`
