import { html } from 'hono/html'
import type { ApiToken } from '../operators/api-tokens.ts'
import { SCOPE_WORDS, scopesOf, TOKEN_DAYS } from '../operators/token-scopes.ts'
import { copyable, csrfField, type Operator } from './console-frame.ts'
import { ago, moment, nothing } from './figures.ts'

export type TypedToken = { name: string; scope: string; days: string }
type Tokens = {
  tokens: ApiToken[]
  operator: Operator
  of: { name: string; path: string }
  now: Date
}
type OwnTokens = Tokens & {
  /** Just made; shown this once. */
  made?: { name: string; token: string } | undefined
  typed?: TypedToken | undefined
  problem?: string | undefined
}

/** What programs act with for whoever looks at the page, and how he makes another. */
export const ownTokensSection = ({ made, typed, problem, ...shown }: OwnTokens) =>
  html`<section class="deed" aria-labelledby="tokens">
<h2 id="tokens">Tokens for programs</h2>
<p class="quiet">A program that brings a token does what you may do, as far as the token’s scope goes. What it changes stands in the record with your name and the token’s.</p>
${made ? madeToken(made) : ''}
${shown.tokens.length ? tokensTable(shown) : ''}
${newToken(shown.operator, typed, problem)}
</section>`

/** Those of somebody else, for an admin. */
export const tokensSection = (shown: Tokens) => html`<section class="deed" aria-labelledby="tokens">
<h2 id="tokens">Tokens for programs</h2>
${shown.tokens.length ? tokensTable(shown) : html`<p class="quiet">${shown.of.name} has made none.</p>`}
</section>`

const madeToken = ({ name, token }: { name: string; token: string }) => html`<div class="made">
<h3>The token ${name}</h3>
<p>It is shown only now. A program sends it so:</p>
<div class="secret">${copyable(`Authorization: Bearer ${token}`)}</div>
</div>`

const tokensTable = ({ tokens, operator, of, now }: Tokens) => html`<table class="dense">
<thead><tr><th scope="col">Name</th><th scope="col">Scope</th><th scope="col">Last used</th><th scope="col">Made</th><th scope="col">Good until</th><th scope="col"><span class="unseen">Action</span></th></tr></thead>
<tbody>${tokens.map(
  ({
    id,
    name,
    scope,
    used,
    createdAt,
    expiresAt,
    isExpired,
  }) => html`<tr${isExpired ? html` class="past"` : ''}><th scope="row">${name}</th>
<td data-label="Scope" title="${SCOPE_WORDS[scope]}">${scope}</td>
<td data-label="Last used">${used ? html`${ago(used.at, now)} ago <span class="quiet">from ${used.from}</span>` : html`<span class="quiet">never</span>`}</td>
<td data-label="Made">${ago(createdAt, now)} ago</td>
<td data-label="Good until">${isExpired ? html`<span class="state off">expired</span>` : moment(expiresAt, expiresAt.toISOString().slice(0, 10))}</td>
<td class="number"><form method="post" action="${of.path}/tokens/${id}/revoke">${csrfField(operator)}<button>Revoke ${name}</button></form></td></tr>
`,
)}</tbody></table>`

const newToken = (operator: Operator, typed: TypedToken | undefined, problem: string | undefined) =>
  html`<form class="stack" method="post" action="/console/me/tokens">${csrfField(operator)}
${problem ? html`<p class="problem" role="alert">${problem}</p>` : ''}
<label for="token-name">Name <span class="quiet">of the program</span></label>
<input id="token-name" name="name" value="${typed?.name ?? ''}" required maxlength="40" autocomplete="off" spellcheck="false">
<label for="scope">Scope</label>
<select id="scope" name="scope">${scopesOf(operator.role).map((scope) => html`<option value="${scope}"${scope === typed?.scope ? html` selected` : ''}>${scope}: ${SCOPE_WORDS[scope]}</option>`)}</select>
<label for="days">Good for</label>
<select id="days" name="days">${TOKEN_DAYS.map((days) => html`<option value="${days}"${String(days) === (typed?.days ?? '90') ? html` selected` : ''}>${days === 365 ? '1 year' : `${days} days`}</option>`)}</select>
<button class="first">Make a token</button>
</form>`

/** In a row of people. */
export const tokenCount = (count: number) =>
  count === 0 ? nothing : count === 1 ? '1 token' : `${count} tokens`
