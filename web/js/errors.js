// [data-error-summary]: a page that came back with errors starts there, so that who listens hears them first.

import { find } from './find.js'

export function attach (root) {
  const [summary] = find(root, '[data-error-summary]')
  if (!summary || summary === document.activeElement) return
  summary.tabIndex = -1
  summary.focus()
}
