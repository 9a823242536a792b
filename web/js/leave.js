// form[data-keep]: asks before the page is left with text written and not sent.
// The question is armed on the first keystroke only, since some browsers keep no page for "back" that listens for it.

import { find } from './find.js'

function isChanged (form) {
  const areas = [...form.querySelectorAll('textarea')]
  // draft.js says "drafted" when the server has it all
  if ('drafted' in form.dataset) return false
  return !('leaving' in form.dataset) && areas.some(area => area.value !== area.defaultValue)
}

function warn (event) {
  if (find(document, 'form[data-keep]').some(isChanged)) event.preventDefault()
}

function arm () {
  addEventListener('beforeunload', warn)
}

// Told by a listener on the window, after the form's own: they may have stopped the submit
function letGo (event) {
  if (!event.defaultPrevented && event.target.matches('form[data-keep]')) event.target.dataset.leaving = ''
}

function comeBack () {
  for (const form of find(document, 'form[data-leaving]')) delete form.dataset.leaving
}

export function attach (root) {
  for (const form of find(root, 'form[data-keep]')) form.addEventListener('input', arm)
  addEventListener('submit', letGo)
  addEventListener('pageshow', comeBack)
}
