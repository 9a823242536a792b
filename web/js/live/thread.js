// A thread's page: what has changed is changed in its place, and new posts come at the end; or wait for a press of a
// button, when they would move what somebody writes or reads.

import { find } from '../find.js'
import * as times from '../times.js'
import { isInUse, morph } from './morph.js'
import { announce, offer, withdraw } from './news.js'

// What is around every thread: what the network and its subject areas are called, and whether one can write in it
const AROUND = new Set(['network.changed', 'areas.changed'])

/** Tells which of the events happened in this thread or around it. */
export function concerning (main, { network, events }) {
  const { liveNetwork, liveThread } = main.dataset
  if (Number(liveNetwork) !== network) return []
  return events?.filter(({ kind, thread }) => thread === Number(liveThread) || AROUND.has(kind))
}

function counterpart (next, element) {
  return element && next.querySelector(`[id="${element.id}"]`)
}

// Posts stay new for as long as the page is open, as they do when nobody else writes
function keepNew (main, next) {
  for (const post of find(main, 'article.post.unread')) {
    const same = counterpart(next, post)
    if (!same || same.matches('.unread')) continue
    same.classList.add('unread')
    same.querySelector('.when').prepend(post.querySelector('.when .new').cloneNode(true), ' ')
  }
  const line = main.querySelector('.left-off')
  if (!line) return
  next.querySelector('.left-off')?.remove()
  counterpart(next, line.nextElementSibling)?.before(line.cloneNode(true))
}

// acts.js has made menus of links; what is in a closed one may have changed, and is fetched when it is opened
function keepMenus (main, next) {
  for (const menu of find(main, 'details[data-menu][data-address]')) {
    if (!menu.open) menu.querySelector('ul')?.remove()
    find(next, 'a[data-acts]').find(link => link.getAttribute('href') === menu.dataset.address)
      ?.replaceWith(menu.cloneNode(true))
  }
}

// The thread was closed while somebody wrote: her text stays, below the line that says so
function keepComposer (main, next) {
  const composer = main.querySelector('form.composer')
  if (!composer || next.querySelector('form.composer') || !isInUse(composer)) return
  next.querySelector('#reply')?.removeAttribute('id')
}

function postsOf (main) {
  return main.querySelector('.posts')
}

function isBelow (posts, node) {
  return node && !posts.contains(node) && posts.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING
}

// Whether posts at the end would push away what somebody has before her, or the button that she is about to press
function wouldMove (main) {
  const posts = postsOf(main)
  if (main.querySelector('[data-live-held]').contains(document.activeElement)) return true
  const { bottom } = posts.getBoundingClientRect()
  if (bottom >= innerHeight) return false
  const selection = getSelection()
  const marked = selection.isCollapsed ? [] : [selection.anchorNode, selection.focusNode]
  return bottom < 0 || [document.activeElement, ...marked].some(node => isBelow(posts, node))
}

function withhold (main, next, fresh) {
  for (const post of fresh) post.remove()
  for (const line of find(next, '.left-off')) {
    if (!line.nextElementSibling) line.remove()
  }
  if (!main.querySelector('.posts > .count')) next.querySelector('.posts > .count')?.remove()
  if (!main.querySelector('[data-read-mark]')) next.querySelector('[data-read-mark]')?.remove()
}

export function show (main, next, { now = false } = {}) {
  if (!postsOf(main) || !postsOf(next)) return false
  times.attach(next)
  keepNew(main, next)
  keepMenus(main, next)
  keepComposer(main, next)
  const fresh = find(next, 'article.post').filter(post => !counterpart(main, post))
  const whole = fresh.length > 0 && !now && wouldMove(main) ? next.cloneNode(true) : undefined
  if (whole) withhold(main, next, fresh)
  const stayed = morph(main, next)
  if (whole) {
    offer(main, fresh.length, () => reveal(main, whole, fresh[0].id))
  } else {
    withdraw(main)
    if (fresh.length && !now) announce(main, fresh.length)
  }
  return stayed
}

function reveal (main, whole, first) {
  show(main, whole, { now: true })
  const heading = document.getElementById(first)?.querySelector('.by')
  if (!heading) return
  heading.tabIndex = -1
  heading.focus()
}
