// form[data-preview="address"]: the preview button fetches the server's own rendering into [data-preview-output].
// It takes the click, not the submit, so that neither "sent once" nor "unsaved" believes the text has left.

import { announceSwap, find } from './find.js'

// Text fields only: a preview must not upload the attachments
function fields (form, button) {
  return new URLSearchParams([...new FormData(form, button)].filter(([, value]) => typeof value === 'string'))
}

async function fetchPreview (form, button) {
  const answer = await fetch(form.dataset.preview, {
    method: 'POST',
    body: fields(form, button),
    headers: { Accept: 'text/html', 'X-Fragment': 'preview' }
  })
  // A redirect is the way to the login page: the ordinary submit handles that better
  if (!answer.ok || answer.redirected) throw new Error(`preview answered ${answer.status}`)
  return answer.text()
}

function show (output, html) {
  output.innerHTML = html
  announceSwap(output)
  const heading = output.querySelector('[data-preview-heading]') ?? output
  heading.tabIndex = -1
  heading.focus()
}

async function preview (event) {
  const button = event.currentTarget
  const { form } = button
  const output = form.querySelector('[data-preview-output]') ?? document.querySelector('[data-preview-output]')
  if (!output) return
  event.preventDefault()
  if (button.ariaBusy === 'true' || !form.reportValidity()) return
  button.ariaBusy = 'true'
  try {
    show(output, await fetchPreview(form, button))
  } catch {
    form.requestSubmit(button)
  } finally {
    button.ariaBusy = null
  }
}

export function attach (root) {
  for (const form of find(root, 'form[data-preview]')) {
    for (const button of form.querySelectorAll('button[name=preview]')) button.addEventListener('click', preview)
  }
}
