import { qrSvg } from '@sixcast/shared/runtime/qr-code.ts'
import { html, raw } from 'hono/html'
import { consoleFrame, copyable, csrfField, type Operator } from './console-frame.ts'
import { moment } from './figures.ts'

/** What the file is called that a node takes its claim from: it opens with a touch on whatever machine writes the card. */
export const CLAIM_FILE_NAME = 'sixcast-claim.txt'

/** The only page that shows a claim: as text, as a picture for a phone, and as the file that a node takes. */
export const madeClaimPage = (made: { claim: string; expiresAt: Date }, operator: Operator) =>
  consoleFrame({
    title: 'Claim',
    operator,
    at: 'claims',
    content: html`<p class="crumb"><a href="/console/nodes">Nodes</a> / <a href="/console/claims">Claims</a></p>
<h1>The claim for your next node</h1>
<p class="lead">It is shown only now, and good until ${moment(made.expiresAt)}. Whoever has it can enrol one node.</p>
<form class="deeds" method="post" action="/console/claims/file">${csrfField(operator)}<input type="hidden" name="claim" value="${made.claim}"><button class="first">Download ${CLAIM_FILE_NAME}</button></form>
<section class="deed" aria-labelledby="steps">
<h2 id="steps">What to do with it</h2>
<ol class="steps">
<li>Copy the file to the new machine, as <code>claim</code> in the agent’s state folder, or wherever its <code>CLAIM_FILE</code> says.</li>
<li>Start the agent. It makes its own key, enrols, and erases the file.</li>
<li>Within a minute the claim is used, and its node is in the fleet: its page says whether viewers reach it.</li>
</ol>
</section>
<section class="deed" aria-labelledby="text">
<h2 id="text">The same without the file</h2>
<div class="secret">${copyable(made.claim)}</div>
<div class="qr" role="img" aria-label="The claim as a QR code">${raw(qrSvg(made.claim))}</div>
</section>`,
  })
