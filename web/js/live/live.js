// main[data-live="thread" or "list"]: what others write appears in the page while it is open. Without script, or where no
// socket can be had, a page is as new as when it was asked for.

import { connect, live } from './connection.js'
import * as line from './line.js'
import * as list from './list.js'
import * as pages from './pages.js'
import * as presence from './presence.js'
import * as thread from './thread.js'
import * as title from './title.js'

const kinds = { thread, list }
const NEWS = new Set(['thread.created', 'reply.created'])
let begun = false

function follow (main) {
  const { show, concerning } = kinds[main.dataset.live]
  pages.keep(main.dataset.liveAddress ?? location.pathname + location.search, page => {
    title.rename(page.title)
    if (show(main, page.querySelector('main'))) lookAgain()
  })
  live.addEventListener('poke', ({ detail }) => {
    // Without events everything may have changed
    const concerned = concerning(main, detail)
    if (concerned?.length === 0) return
    title.add(concerned?.filter(({ kind, own }) => NEWS.has(kind) && !own).length ?? 0)
    pages.want(detail.spread)
  })
}

// Something was in use and could not go
function lookAgain () {
  pages.forget()
  document.addEventListener('focusout', () => pages.want(), { once: true })
}

export function attach () {
  const main = document.querySelector('main[data-live]')
  if (!main || begun) return
  begun = true
  follow(main)
  line.speak()
  presence.show(main)
  connect()
}
