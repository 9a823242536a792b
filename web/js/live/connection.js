// The tab's one socket. It carries pokes, no content, and tells on `live` what it hears: "poke", "presence", "opened",
// "lost", "ended".

import * as positions from './positions.js'

// The server's heart beats every 20 s
const SILENCE = 50_000
const SHORTEST = 1000
const LONGEST = 30_000
// One that is shut sooner counts as another failure
const LASTING = 5000
const RESTART = 1012
const ENDED = 4401
const CHANGED = 4403
const CROWDED = 4429

export const live = new EventTarget()

let socket
let heard = 0
let begun = 0
let failures = 0
let ended = false
let changed = false
let silence
let retry

function tell (type, detail) {
  live.dispatchEvent(new CustomEvent(type, { detail }))
}

export function isOpen () {
  return begun > 0
}

/** Tells the server something of this tab, while it listens. */
export function say (something) {
  if (isOpen()) socket.send(JSON.stringify(something))
}

function open () {
  clearTimeout(retry)
  try {
    socket = listening(new WebSocket(`${location.origin.replace('http', 'ws')}/live`))
  } catch {
    // Some browsers' policy takes 'self' for http alone
    lose()
  }
}

function listening (mine) {
  mine.addEventListener('open', () => {
    if (socket === mine) mine.send(JSON.stringify({ since: positions.since() }))
    else mine.close()
  })
  mine.addEventListener('message', ({ data }) => { if (socket === mine) hear(JSON.parse(data)) })
  mine.addEventListener('close', ({ code }) => { if (socket === mine) lose(code) })
  return mine
}

function hear (frame) {
  heard = Date.now()
  clearTimeout(silence)
  silence = setTimeout(drop, SILENCE)
  if (frame.type === 'state') begin(frame)
  if (frame.type === 'presence') tell('presence', frame)
  if (frame.type === 'events' || frame.type === 'reload') {
    const { network, to, events, spread_ms: spread = 2000 } = frame
    positions.reach(network, to)
    tell('poke', { network, events, spread })
  }
}

function begin ({ networks, presence = false }) {
  begun = Date.now()
  ended = false
  // Whose role has changed is shown other things of what has not
  tell('opened', { knew: positions.settle(networks) && !changed, presence })
  changed = false
}

// A line that is dead does not say so, and closing it can take minutes
function drop () {
  const dead = socket
  socket = undefined
  dead?.close()
  lose()
}

function lose (code) {
  const was = begun
  begun = 0
  socket = undefined
  clearTimeout(silence)
  clearTimeout(retry)
  if (was && Date.now() - was > LASTING) failures = 0
  changed ||= code === CHANGED
  if (code === ENDED) return end()
  if (was) tell('lost')
  // Another of her tabs has taken the place: this one asks for it again when somebody sees it
  if (code === CROWDED) return
  if (!ended) retry = setTimeout(open, pause(code))
}

function pause (code) {
  const again = failures++
  if (!again && code === CHANGED) return 0
  if (!again && code === RESTART) return Math.random() * 3000
  return Math.min(LONGEST, SHORTEST * 2 ** again) * (0.5 + Math.random() / 2)
}

/** She is logged out: nothing is asked for any more, unless she comes back to the tab. */
export function end () {
  if (ended) return
  ended = true
  clearTimeout(retry)
  if (isOpen()) drop()
  tell('ended')
}

// Who comes back has perhaps slept, changed networks, or logged in again in another tab
function wake () {
  if (document.visibilityState === 'hidden') return
  if (isOpen() && Date.now() - heard > SILENCE) drop()
  if (!socket) open()
}

// A page that is kept for "back" may hold no socket. One that is not open yet goes by itself
function leave () {
  const left = socket
  socket = undefined
  begun = 0
  clearTimeout(retry)
  clearTimeout(silence)
  if (left?.readyState === WebSocket.OPEN) left.close()
}

export function connect () {
  document.addEventListener('visibilitychange', wake)
  addEventListener('online', wake)
  addEventListener('pagehide', leave)
  addEventListener('pageshow', ({ persisted }) => { if (persisted) wake() })
  open()
}
