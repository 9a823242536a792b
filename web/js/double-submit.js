// form[data-once]: a second press while the first is on its way does nothing.
// aria-disabled, not disabled: a disabled button loses focus, and its name and value would not be sent.

import { find } from './find.js'

function once (event) {
  if (event.defaultPrevented) return
  const form = event.currentTarget
  if ('sent' in form.dataset) return event.preventDefault()
  form.dataset.sent = ''
  event.submitter?.setAttribute('aria-disabled', 'true')
}

// The browser's back button brings the page as it was left, with the form still held
function release (event) {
  if (!event.persisted) return
  for (const form of find(document, 'form[data-sent]')) {
    delete form.dataset.sent
    for (const button of form.querySelectorAll('[aria-disabled]')) button.removeAttribute('aria-disabled')
  }
}

export function attach (root) {
  for (const form of find(root, 'form[data-once]')) form.addEventListener('submit', once)
  addEventListener('pageshow', release)
}
