/** Lets something be said only when it differs from what was said last: a trouble that lasts fills no log. */
export function toldOnce() {
  let last: string | undefined
  return (what: string, say: () => void) => {
    if (what === last) return
    last = what
    say()
  }
}
