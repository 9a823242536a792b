// Entry: attaches every behaviour to the page, and again to each fragment that is swapped in.
// All pages work without this file; each behaviour finds its elements by data- attributes and may be attached twice.

import * as acts from './acts.js'
import * as attachments from './attachments.js'
import * as doubleSubmit from './double-submit.js'
import * as draft from './draft.js'
import * as errors from './errors.js'
import * as leave from './leave.js'
import * as live from './live/live.js'
import * as menus from './menus.js'
import * as preview from './preview.js'
import * as quote from './quote.js'
import * as readAloud from './read-aloud.js'
import * as readMark from './read-mark.js'
import * as similar from './similar.js'
import * as times from './times.js'
import * as toolbar from './toolbar.js'

// Attachments and drafts come first of those that hear a form being sent: it may have to wait for them
const behaviours = [
  times, errors, attachments, draft, doubleSubmit, preview, quote, leave, similar, acts, menus, readMark, toolbar, readAloud,
  live
]

function attachAll (root) {
  for (const behaviour of behaviours) {
    // One that fails must not take the others with it
    try { behaviour.attach(root) } catch (error) { reportError(error) }
  }
}

document.addEventListener('swapped', event => attachAll(event.target))
attachAll(document)
