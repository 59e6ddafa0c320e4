// Runs in the browser, sent with its types stripped and its imports beside it.
import { element } from './page-element.ts'
import { registerWorker } from './register-worker.ts'

const COPIED_MS = 1500

registerWorker() // whoever was sent a link comes here first

const share = element('share')
const link = element('link', HTMLInputElement)
const fromNow = element('from-now', HTMLInputElement)
const stage = element('stage')
const { origin: published = '', copied = '' } = share.dataset

// Under the name that this viewer has come by: it is known to work.
const address = link.value.replace(published, location.origin)
link.value = address
const code = element('code', HTMLTextAreaElement)
code.value = code.value.replace(published, location.origin)

share.addEventListener('toggle', () => {
  element('moment').hidden = !stage.dataset.takenAt
})
fromNow.addEventListener('change', () => {
  const takenAt = Number(stage.dataset.takenAt)
  link.value = fromNow.checked ? `${address}?t=${Math.floor(takenAt / 1000)}` : address
})
for (const field of [link, code]) field.addEventListener('focus', () => field.select())
for (const button of share.querySelectorAll<HTMLElement>('[data-copies]')) {
  button.hidden = false
  const words = button.textContent
  button.addEventListener('click', () => {
    void copy(button.dataset.copies === 'link' ? link : code).then(() => {
      button.textContent = copied
      setTimeout(() => {
        button.textContent = words
      }, COPIED_MS)
    })
  })
}

/** A page that came over plain HTTP has no clipboard of the new kind. */
async function copy(field: HTMLInputElement | HTMLTextAreaElement) {
  field.select()
  if (navigator.clipboard) await navigator.clipboard.writeText(field.value)
  else document.execCommand('copy')
}
