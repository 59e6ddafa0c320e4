/** What somebody wants to see now comes first. */
const LATER_MS = 3000

/** Where the page is a secure context: with the control plane away these pages open all the same. */
export function registerWorker() {
  setTimeout(() => navigator.serviceWorker?.register('/worker.js').catch(console.error), LATER_MS)
}

/** That these pages may be opened next. */
export async function mayOpen(paths: string[]) {
  const registration = await navigator.serviceWorker?.ready
  registration?.active?.postMessage(paths)
}
