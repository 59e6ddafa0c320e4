/** An element the page is known to have. */
export function element(id: string): HTMLElement
export function element<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind
export function element(id: string, kind = HTMLElement): HTMLElement {
  const found = document.getElementById(id)
  if (!(found instanceof kind)) throw new Error(`The page has no #${id}`)
  return found
}
