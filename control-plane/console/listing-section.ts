import { html } from 'hono/html'
import type { Html } from '../look/html-page.ts'
import { SHOWN, type Shown } from '../streams/stream-listing.ts'
import type { StreamView } from '../streams/stream-view.ts'
import { csrfField, type Operator } from './console-frame.ts'

/** As a browser sends it; whether it can be, the catalog says. */
export type TypedListing = Record<'title' | 'description' | 'category' | 'shown' | 'place', string>

type Section = {
  stream: StreamView
  operator: Operator
  typed?: TypedListing | undefined
  problem?: string | undefined
}

const SHOWN_WORDS: Record<Shown, string> = {
  public: 'on the landing page',
  unlisted: 'not on the landing page, for whoever has the link',
  hidden: 'to nobody: who watches goes on, nobody new begins',
}

/** What viewers read of it, and where it stands. */
export function listingSection({ stream, operator, typed, problem }: Section): Html {
  const { title, description, category, shown, place } = typed ?? {
    ...stream,
    category: stream.category ?? '',
    shown: stream.shown ?? 'public',
    place: String(stream.place ?? 0),
  }
  return html`<section class="deed" aria-labelledby="listing">
<h2 id="listing">What viewers see</h2>
<form class="stack" method="post" action="/console/streams/${stream.name}/listing">${csrfField(operator)}
${problem ? html`<p class="problem" role="alert">${problem}</p>` : ''}
<label for="title">Title <span class="quiet">empty: its name</span></label>
<input id="title" name="title" value="${title}" maxlength="200" autocomplete="off">
<label for="description">Description</label>
<textarea id="description" name="description" rows="3" maxlength="5000">${description}</textarea>
<label for="category">Heading <span class="quiet">on the landing page; empty: none</span></label>
<input id="category" name="category" value="${category}" maxlength="60" autocomplete="off">
<label for="place">Place <span class="quiet">the lower, the earlier; those with the same stand by title</span></label>
<input id="place" name="place" type="number" value="${place}" min="-1000" max="1000" step="1">
<label for="shown">Shown</label>
<select id="shown" name="shown">${SHOWN.map((each) => html`<option value="${each}"${each === shown ? html` selected` : ''}>${SHOWN_WORDS[each]}</option>`)}</select>
<button>Save</button>
</form>
</section>`
}
