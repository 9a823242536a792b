// [data-read-mark]: posts its form once the last post has been on screen for a second in a visible tab.
// Without script the form's own button does it, and it comes back if the post fails.

import { find } from './find.js'

const LONG_ENOUGH = 1000
const steps = Array.from({ length: 21 }, (_, step) => step / 20)

async function post (form) {
  try {
    const answer = await fetch(form.action, {
      method: 'POST',
      body: new URLSearchParams(new FormData(form)),
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

// A post taller than the window can never be half seen, so a third of the window full of it counts too
function isSeen ({ intersectionRatio, intersectionRect }) {
  return intersectionRatio >= 0.5 || intersectionRect.height >= innerHeight / 3
}

function watch (form, last) {
  let onScreen = false
  let timer
  const weigh = () => {
    clearTimeout(timer)
    if (onScreen && document.visibilityState === 'visible') timer = setTimeout(done, LONG_ENOUGH)
  }
  const observer = new IntersectionObserver(entries => {
    const seen = isSeen(entries.at(-1))
    if (seen !== onScreen) { onScreen = seen; weigh() }
  }, { threshold: steps })
  const done = () => {
    observer.disconnect()
    document.removeEventListener('visibilitychange', weigh)
    post(form)
  }
  document.addEventListener('visibilitychange', weigh)
  observer.observe(last)
}

export function attach (root) {
  const last = find(document, 'article.post').at(-1)
  for (const form of find(root, '[data-read-mark] form:not([hidden])')) {
    if (!last) continue
    form.hidden = true
    watch(form, last)
  }
}
