/**
 * Makes `present` what `fresh` is, and leaves in place what is the same: a screen reader reads out only what is new, and the focus
 * stays where it was. Cards are known by their stream, also in another place.
 */
export function renew(present: Element, fresh: Element): void {
  const [olds, news] = [[...present.children], [...fresh.children]]
  if (olds.length === news.length && olds.every((old, at) => isSame(old, news[at]))) {
    for (const [at, old] of olds.entries()) renewElement(old, news[at])
    return
  }
  const cards = new Map(
    [...present.querySelectorAll<HTMLElement>('[data-stream]')].map((card) => [card.dataset.stream, card]),
  )
  for (const card of fresh.querySelectorAll<HTMLElement>('[data-stream]')) {
    const known = cards.get(card.dataset.stream)
    if (!known) continue
    renewElement(known, card)
    card.replaceWith(known)
  }
  present.replaceChildren(...fresh.childNodes)
}

function renewElement(old: Element, next: Element | undefined) {
  if (!next || old.outerHTML === next.outerHTML) return
  if (old instanceof HTMLImageElement) return renewPicture(old, next)
  for (const { name, value } of next.attributes)
    if (old.getAttribute(name) !== value) old.setAttribute(name, value)
  if (old.children.length === 0 && next.children.length === 0) old.textContent = next.textContent
  else renew(old, next)
}

/** It shows what has come since; only from another place it begins anew. */
function renewPicture(old: HTMLImageElement, next: Element) {
  if (next instanceof HTMLImageElement && old.dataset.own !== next.dataset.own) old.replaceWith(next)
}

const isSame = (old: Element, next: Element | undefined) =>
  old.tagName === next?.tagName && old.getAttribute('data-stream') === next.getAttribute('data-stream')
