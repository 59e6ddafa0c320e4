import { html } from 'hono/html'
import type { Html } from '../look/html-page.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { csrfField, type Operator } from './console-frame.ts'

type Section = { stream: StreamView; operator: Operator; problem?: string | undefined }

/** The picture that viewers see while there is no live one. */
export const posterSection = ({ stream: { name, title, poster }, operator, problem }: Section): Html =>
  html`<section class="deed" aria-labelledby="poster-head">
<h2 id="poster-head">Poster</h2>
<p class="quiet">${poster ? 'Viewers see it while there is no live picture, and so does who is sent a link.' : 'There is none: while there is no live picture its place stays dark.'}</p>
${poster ? html`<img class="poster" src="/poster/${name}/${poster}" alt="The poster of ${title}" width="320" height="180">` : ''}
<form class="stack" method="post" enctype="multipart/form-data" action="/console/streams/${name}/poster">${csrfField(operator)}
${problem ? html`<p class="problem" role="alert">${problem}</p>` : ''}
<label for="poster">Picture <span class="quiet">JPEG, PNG or WebP, at most 1 MB; 1280 × 720 is enough</span></label>
<input id="poster" name="poster" type="file" accept="image/jpeg,image/png,image/webp">
<button>${poster ? 'Take this one instead' : 'Take it as the poster'}</button>
</form>
${poster ? html`<form class="deeds" method="post" action="/console/streams/${name}/poster/remove">${csrfField(operator)}<button class="plain">Remove the poster</button></form>` : ''}
</section>`
