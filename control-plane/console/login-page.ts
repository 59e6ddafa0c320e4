import { html } from 'hono/html'
import { brand } from '../look/html-page.ts'
import { bareFrame } from './console-frame.ts'

export const loginPage = ({ name = '', problem = '' } = {}) =>
  bareFrame(
    'Log in',
    html`<main id="content" class="login">
<form class="stack" method="post" action="/console/login">
${brand('/')}
<h1>Log in to the console</h1>
${problem ? html`<p class="problem" role="alert">${problem}</p>` : ''}
<label for="name">Name</label>
<input id="name" name="name" value="${name}" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="50" required${name ? '' : html` autofocus`}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" maxlength="1000" required${name ? html` autofocus` : ''}>
<button class="first">Log in</button>
<p class="quiet small">The first password was printed by the first <code>npm start</code>. <code>npm run password</code> makes a new one.</p>
</form>
</main>`,
  )
