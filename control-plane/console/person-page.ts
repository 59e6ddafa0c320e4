import { html } from 'hono/html'
import type { ApiToken } from '../operators/api-tokens.ts'
import type { OpenSession } from '../operators/open-sessions.ts'
import type { Person } from '../operators/people.ts'
import { ROLE_WORDS } from '../operators/roles.ts'
import { consoleFrame, type Operator } from './console-frame.ts'
import { ago } from './figures.ts'
import { sessionsSection } from './sessions-section.ts'
import { tokensSection } from './tokens-section.ts'

type PersonPage = {
  person: Person
  sessions: OpenSession[]
  tokens: ApiToken[]
  operator: Operator
  now: Date
}

/** Where somebody is logged in and what acts for him, for an admin who may end it. */
export const personPage = ({ person, sessions, tokens, operator, now }: PersonPage) => {
  const of = { name: person.name, path: `/console/people/${encodeURIComponent(person.name)}` }
  return consoleFrame({
    title: person.name,
    operator,
    at: 'people',
    content: html`<p class="crumb"><a href="/console/people">People</a></p>
<h1>${person.name}</h1>
<p class="lead">${person.role}: ${ROLE_WORDS[person.role]}. Here for ${ago(person.since, now)}.</p>
${sessionsSection({ sessions, operator, of, now })}
${tokensSection({ tokens, operator, of, now })}`,
  })
}
