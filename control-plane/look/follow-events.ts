// Runs in the browser, sent with its types stripped: it imports nothing.
export {}

const REOPEN_MS = 4000
/** The present state comes as soon as the connection is open; one that hangs is away, though nothing has failed yet. */
const SILENT_MS = 4000

/** Follows the server's events of each element that names some, and hands them on as `fresh` (with the data) and `adrift`. */
for (const element of document.querySelectorAll<HTMLElement>('[data-events]'))
  follow(element, element.dataset.events ?? '')

function follow(element: HTMLElement, url: string) {
  let events: EventSource | undefined
  let reopening: number | undefined
  let listening: number | undefined

  function open() {
    close()
    events = new EventSource(url)
    listening = window.setTimeout(() => tell(element, 'adrift'), SILENT_MS)
    events.addEventListener('change', ({ data }) => {
      window.clearTimeout(listening)
      tell(element, 'fresh', String(data))
    })
    events.addEventListener('away', () => tell(element, 'adrift'))
    events.addEventListener('error', lost)
  }

  function lost() {
    tell(element, 'adrift')
    // The browser itself tries a broken connection again, but not an answer that is no event stream (a proxy's 502).
    if (events?.readyState === EventSource.CLOSED) reopening = window.setTimeout(open, REOPEN_MS)
  }

  function close() {
    window.clearTimeout(reopening)
    window.clearTimeout(listening)
    events?.close()
  }

  // A browser keeps six connections to a host: pages in the background must not hold them all.
  document.addEventListener('visibilitychange', () => (document.hidden ? close() : open()))
  open()
}

function tell(element: HTMLElement, name: 'fresh' | 'adrift', detail = '') {
  element.dispatchEvent(new CustomEvent(name, { detail }))
}
