// The page that is shown, fetched again by its own address: once for several pokes, and only while somebody sees the tab.

import { end, isOpen, live } from './connection.js'

const BETWEEN = 500
// After a page that did not come, and while no socket says what is new
const AGAIN = 10_000
const MINUTE = 60_000
// What a socket has not told of may have changed for everybody at once
const OPENING = 2000

let address
let show
let timer
let waiting
let stale = false
let busy = false
let last = 0
let tag

/** Has the page fetched within `spread` milliseconds, or when the tab is seen again. */
export function want (spread = 0) {
  if (document.visibilityState === 'hidden') {
    stale = true
  } else if (busy) {
    waiting = Math.max(waiting ?? 0, spread)
  } else if (!timer || !spread) {
    // Few are told without a spread, and need not wait for one that was chosen when the page was opened
    clearTimeout(timer)
    timer = setTimeout(bring, Math.max(0, last + BETWEEN - Date.now()) + Math.random() * spread)
  }
}

/** Has the next page shown even if it is the same as the last: something was left as it was. */
export function forget () {
  tag = undefined
}

async function bring () {
  timer = undefined
  if (document.visibilityState === 'hidden') {
    stale = true
    return
  }
  busy = true
  last = Date.now()
  try {
    await fetchPage()
  } catch {
    // No network, or a server that restarts
    setTimeout(want, AGAIN, AGAIN)
  }
  busy = false
  const spread = waiting
  waiting = undefined
  if (spread !== undefined) want(spread)
}

async function fetchPage () {
  const answer = await fetch(address, { headers: { Accept: 'text/html', 'X-Fragment': 'live' }, redirect: 'manual' })
  // The way to the login page
  if (answer.type === 'opaqueredirect') return end()
  // What she may no longer see is left as it is: whoever presses something there is told
  if (answer.status < 500 && !answer.ok) return
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`)
  const known = answer.headers.get('ETag')
  const html = await answer.text()
  if (known && known === tag) return
  tag = known
  show(new DOMParser().parseFromString(html, 'text/html'))
}

function freshen () {
  if (document.visibilityState === 'hidden' || !stale) return
  stale = false
  want()
}

// A page from the browser's history is as old as when it was left
function isOld () {
  return performance.getEntriesByType('navigation')[0]?.type === 'back_forward'
}

/** Keeps the page at `here` fresh: `take` is handed each new document. */
export function keep (here, take) {
  address = here
  show = take
  let old = isOld()
  live.addEventListener('opened', ({ detail }) => {
    if (old || !detail.knew) want(OPENING)
    old = false
  })
  document.addEventListener('visibilitychange', freshen)
  addEventListener('pageshow', ({ persisted }) => { if (persisted) want() })
  setInterval(() => { if (!isOpen()) want() }, MINUTE)
}
