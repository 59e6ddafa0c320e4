import { html } from 'hono/html'
import type { Person } from '../operators/people.ts'
import { ROLE_WORDS, ROLES, type Role } from '../operators/roles.ts'
import { consoleFrame, copyable, csrfField, type Operator } from './console-frame.ts'
import { ago, nothing } from './figures.ts'
import { tokenCount } from './tokens-section.ts'

type PeoplePage = {
  people: Person[]
  operator: Operator
  now: Date
  /** Just made; shown this once. */
  made?: { name: string; password: string }
  typed?: { name: string; role: string }
  problem?: string
}

/** Who may do what. */
export const peoplePage = ({ people, operator, now, made, typed, problem }: PeoplePage) =>
  consoleFrame({
    title: 'People',
    operator,
    at: 'people',
    content: html`<h1>${people.length === 1 ? 'You are the only one here.' : `${people.length} people may log in.`}</h1>
${problem && !typed ? html`<p class="problem" role="alert">${problem}</p>` : ''}
${made ? madePassword(made) : ''}
<table class="dense">
<thead><tr><th scope="col">Name</th><th scope="col">Role</th><th scope="col">Logged in</th><th scope="col">Tokens</th><th scope="col">Since</th><th scope="col"><span class="unseen">Action</span></th></tr></thead>
<tbody>${people.map((person) => row(person, operator, now))}</tbody></table>
<section class="deed" aria-labelledby="invite">
<h2 id="invite">Invite somebody</h2>
<form class="stack" method="post" action="/console/people">${csrfField(operator)}
${problem && typed ? html`<p class="problem" role="alert">${problem}</p>` : ''}
<label for="name">Name</label>
<input id="name" name="name" value="${typed?.name ?? ''}" required maxlength="50" autocomplete="off" autocapitalize="none" spellcheck="false">
<label for="role">Role</label>
${roleChoice('role', typed?.role ?? 'support', (role) => `${role}: ${ROLE_WORDS[role]}`)}
<button class="first">Make a password for them</button>
</form>
</section>`,
  })

const madePassword = ({
  name,
  password,
}: {
  name: string
  password: string
}) => html`<section class="made" aria-labelledby="made">
<h2 id="made">The password of ${name}</h2>
<p class="lead">It is shown only now. Whoever has it logs in with it, and had better change it then.</p>
<div class="secret">${copyable(password)}</div>
</section>`

const roleChoice = (id: string, chosen: string, words = (role: Role): string => role) =>
  html`<select id="${id}" name="role" aria-label="Role">${ROLES.map((role: Role) => html`<option value="${role}"${role === chosen ? html` selected` : ''}>${words(role)}</option>`)}</select>`

function row({ name, role, since, logins, loggedInAt, tokens }: Person, operator: Operator, now: Date) {
  const path = `/console/people/${encodeURIComponent(name)}`
  const isSelf = name === operator.operator
  return html`<tr><th scope="row">${name}${isSelf ? html` <span class="quiet">you</span>` : ''}</th>
<td data-label="Role"><form class="together" method="post" action="${path}/role">${csrfField(operator)}${roleChoice(`role-${name}`, role)}<button>Change</button></form></td>
<td data-label="Logged in">${logins > 0 && loggedInAt ? html`${logins === 1 ? 'once' : `${logins} times`}, last ${ago(loggedInAt, now)} ago` : nothing}</td>
<td data-label="Tokens">${tokenCount(tokens)}</td>
<td data-label="Since">${ago(since, now)}</td>
<td><div class="together"><a class="button" href="${path}">Logins and tokens</a><form method="post" action="${path}/password">${csrfField(operator)}<button>New password</button></form>${isSelf ? '' : html`<form method="post" action="${path}/remove">${csrfField(operator)}<button class="grave">Remove ${name}</button></form>`}</div></td></tr>
`
}
