// [data-read-mark]: posts its form with the number of the last new post that has been shown: each for a second, on
// screen in a visible tab, and none skipped. Without script the form's own button marks the page, and it comes back if
// the post fails.

import { find } from './find.js'

const LONG_ENOUGH = 1000
// Several are read in the time one request takes
const PAUSE = 1500
const steps = Array.from({ length: 21 }, (_, step) => step / 20)

const watching = new WeakMap()

const numberOf = post => Number(post.id.slice('post-'.length))

// A post taller than the window can never be half seen, so a third of the window full of it counts too
function isSeen ({ intersectionRatio, intersectionRect }) {
  return intersectionRatio >= 0.5 || intersectionRect.height >= innerHeight / 3
}

function sender (form) {
  let sent = 0
  return async number => {
    if (number <= sent) return
    sent = number
    const body = new URLSearchParams(new FormData(form))
    body.set('number', number)
    try {
      const answer = await fetch(form.action, {
        method: 'POST',
        body,
        headers: { 'X-Fragment': 'none' },
        keepalive: true,
        // "none" asks for no page; should a redirect come all the same, there is no use in following it
        redirect: 'manual'
      })
      if (!answer.ok && answer.type !== 'opaqueredirect') form.hidden = false
    } catch {
      form.hidden = false
    }
  }
}

function watch (form) {
  const send = sender(form)
  const posts = []
  const onScreen = new Map()
  const seen = new Set()
  let pause

  // The last of those that have been seen without a gap: what lies below one that was skipped is still new
  const reached = () => {
    const gap = posts.findIndex(post => !seen.has(post))
    const count = gap < 0 ? posts.length : gap
    return count > 0 ? numberOf(posts[count - 1]) : 0
  }
  const done = post => {
    seen.add(post)
    observer.unobserve(post)
    onScreen.delete(post)
    clearTimeout(pause)
    pause = setTimeout(() => send(reached()), seen.size < posts.length ? PAUSE : 0)
  }
  const weigh = () => {
    for (const [post, timer] of onScreen) {
      clearTimeout(timer)
      if (document.visibilityState === 'visible') onScreen.set(post, setTimeout(done, LONG_ENOUGH, post))
    }
    // Who leaves at once has still read what she has read
    if (document.visibilityState === 'hidden') send(reached())
  }
  const observer = new IntersectionObserver(entries => {
    for (const entry of entries) {
      const { target: post } = entry
      if (isSeen(entry) === onScreen.has(post) || seen.has(post)) continue
      clearTimeout(onScreen.get(post))
      onScreen.delete(post)
      if (isSeen(entry)) {
        const visible = document.visibilityState === 'visible'
        onScreen.set(post, visible ? setTimeout(done, LONG_ENOUGH, post) : undefined)
      }
    }
  }, { threshold: steps })
  document.addEventListener('visibilitychange', weigh)
  // Those that come while the page is open stand after the others
  return unread => {
    for (const post of unread) {
      if (posts.includes(post)) continue
      posts.push(post)
      observer.observe(post)
    }
  }
}

export function attach () {
  const unread = find(document, 'article.post.unread')
  for (const form of find(document, '[data-read-mark] form')) {
    if (unread.length === 0) continue
    if (!watching.has(form)) {
      form.hidden = true
      watching.set(form, watch(form))
    }
    watching.get(form)(unread)
  }
}
