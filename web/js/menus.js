// details[data-menu]: closes on Escape (focus goes back to its summary) and when pressed or focused outside.

import { find } from './find.js'

function closeOnEscape (event) {
  const menu = event.currentTarget
  if (event.key !== 'Escape' || !menu.open) return
  menu.open = false
  menu.querySelector('summary').focus()
}

function closeOutside ({ target }) {
  for (const menu of find(document, 'details[data-menu][open]')) {
    if (!menu.contains(target)) menu.open = false
  }
}

export function attach (root) {
  for (const menu of find(root, 'details[data-menu]')) menu.addEventListener('keydown', closeOnEscape)
  document.addEventListener('pointerdown', closeOutside)
  document.addEventListener('focusin', closeOutside)
}
