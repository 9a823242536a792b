// [data-presence]: who else is here and who is writing, for those who have switched it on; the server says whether she has.
// The tab tells which page it shows, and that something is being written: nothing of what.

import { live, say } from './connection.js'
import { holdStill } from './morph.js'

// The server takes six seconds without a word for an end
const AGAIN = 3000
const WRITING = 'form.composer textarea'

let on = false
let said = 0

function placeOf ({ liveNetwork, liveThread }) {
  return { network: Number(liveNetwork), thread: Number(liveThread) || null }
}

function report (main) {
  if (on) say({ reading: document.visibilityState === 'hidden' ? null : placeOf(main.dataset) })
}

function listed (names) {
  return new Intl.ListFormat(document.documentElement.lang, { type: 'conjunction' }).format(names)
}

function others ({ othersOne, othersMany }, count) {
  if (!count) return []
  return [count === 1 ? othersOne : othersMany.replace('@', count)]
}

// A name may hold what means something to replace()
function filled (words, names) {
  return names.length ? [words.replace('@', () => listed(names))] : []
}

function paragraph (text) {
  return Object.assign(document.createElement('p'), { textContent: text })
}

function write (line, { here, more, typing }) {
  const { dataset } = line
  const texts = [
    ...filled(dataset.here, here.length ? [...here, ...others(dataset, more)] : []),
    ...filled(typing.length === 1 ? dataset.typingOne : dataset.typingMany, typing)
  ]
  holdStill(() => line.replaceChildren(...texts.map(paragraph)))
}

const NOBODY = { here: [], more: 0, typing: [] }

/** Shows who else is on this page, and tells of this tab. */
export function show (main) {
  const line = main.querySelector('[data-presence]')
  if (!line) return
  const { network, thread } = placeOf(main.dataset)
  live.addEventListener('opened', ({ detail }) => {
    on = detail.presence
    line.toggleAttribute('data-on', on)
    if (!on) write(line, NOBODY)
    report(main)
  })
  live.addEventListener('lost', () => write(line, NOBODY))
  live.addEventListener('presence', ({ detail }) => {
    if (detail.network === network && detail.thread === thread) write(line, detail)
  })
  document.addEventListener('visibilitychange', () => report(main))
  main.addEventListener('input', ({ target }) => {
    if (!on || !target.matches(WRITING) || Date.now() - said < AGAIN) return
    said = Date.now()
    say({ typing: true })
  })
}
