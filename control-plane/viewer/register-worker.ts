/** Where the page is a secure context: with the control plane away these pages open all the same. */
export function registerWorker() {
  navigator.serviceWorker?.register('/worker.js').catch(console.error)
}

/** That these pages may be opened next. */
export async function mayOpen(paths: string[]) {
  const registration = await navigator.serviceWorker?.ready
  registration?.active?.postMessage(paths)
}
