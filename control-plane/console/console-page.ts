// Runs in the browser, sent with its types stripped: it imports nothing.
export {}

const COPIED_MS = 1500

for (const region of document.querySelectorAll<HTMLElement>('[data-events]')) keepFresh(region)
if (navigator.clipboard) document.documentElement.classList.add('can-copy')

document.documentElement.classList.add('can-follow')

document.addEventListener('click', ({ target }) => {
  if (!(target instanceof Element)) return
  const button = target.closest<HTMLElement>('[data-copy]')
  if (button) void copy(button)
  else if (!target.closest('a, button') && document.getSelection()?.isCollapsed) followRow(target)
})

function keepFresh(region: HTMLElement) {
  const notice = document.querySelector<HTMLElement>('[data-adrift]')
  region.addEventListener('fresh', (event) => {
    if (notice) notice.hidden = true
    if (event instanceof CustomEvent) replace(region, String(event.detail))
  })
  region.addEventListener('adrift', () => {
    if (notice) notice.hidden = false
  })
}

/** Shows the new content; the focus stays on the same link, and nothing moves under a selection. */
function replace(region: HTMLElement, html: string) {
  const selection = document.getSelection()
  if (selection && !selection.isCollapsed && region.contains(selection.anchorNode)) return
  const focused = region.contains(document.activeElement) ? document.activeElement : null
  region.innerHTML = html
  if (focused) sameIn(region, focused)?.focus({ preventScroll: true })
}

function sameIn(region: HTMLElement, element: Element): HTMLElement | undefined {
  const names = ['href', 'data-copy']
  return [...region.querySelectorAll<HTMLElement>('a, button')].find(
    (candidate) =>
      !candidate.closest('[aria-hidden]') &&
      names.every((name) => candidate.getAttribute(name) === element.getAttribute(name)),
  )
}

/** The whole row is the link; its text can still be selected, and hovered for what stands behind it. */
function followRow(target: Element) {
  target.closest('tr')?.querySelector<HTMLElement>('.row')?.click()
}

async function copy(button: HTMLElement) {
  await navigator.clipboard.writeText(button.dataset.copy ?? '')
  button.classList.add('copied')
  setTimeout(() => button.classList.remove('copied'), COPIED_MS)
}
