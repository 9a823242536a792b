// [data-live-line]: says quietly that there has been no contact for a while, or that one has been logged out; and, to who
// has only heard it, when that is over.

import { find } from '../find.js'
import { live } from './connection.js'

const PATIENCE = 10_000
let timer

function say (line, words) {
  clearTimeout(timer)
  const template = words && line.querySelector(`template[data-live-says="${words}"]`)
  for (const said of [...line.children]) {
    if (!said.matches('template')) said.remove()
  }
  if (template) line.append(template.content.cloneNode(true))
}

function sayOver (line) {
  const was = line.querySelector('p')
  say(line, was && 'over')
  if (was) timer = setTimeout(say, PATIENCE, line)
}

/** One that never opened is no news: nobody has missed anything. */
export function speak () {
  for (const line of find(document, '[data-live-line]')) {
    live.addEventListener('opened', () => sayOver(line))
    live.addEventListener('ended', () => say(line, 'ended'))
    live.addEventListener('lost', () => {
      clearTimeout(timer)
      timer = setTimeout(say, PATIENCE, line, 'offline')
    })
  }
}
