// [data-similar="address"][data-similar-for="id"]: shows threads with titles like the one being typed in that field.
// Told once that there are some: more would talk over who is writing.

import { announceSwap, find } from './find.js'

const PAUSE = 500
const SHORTEST = 4
const seekers = new WeakSet()

async function fetchAlike (address, title, signal) {
  const answer = await fetch(`${address}?${new URLSearchParams({ title })}`, {
    headers: { Accept: 'text/html', 'X-Fragment': 'similar' },
    redirect: 'manual',
    signal
  })
  return answer.ok ? answer.text() : ''
}

function show (place, html) {
  const output = place.querySelector('[data-similar-output]')
  if (output.contains(document.activeElement)) return
  output.innerHTML = html
  announceSwap(output)
  const told = output.querySelector('[data-similar-told]')
  const news = place.querySelector('[data-similar-news]')
  if (told && !news.textContent) news.textContent = told.textContent
}

function seek (place, field) {
  let timer
  let asking = new AbortController()
  field.addEventListener('input', () => {
    clearTimeout(timer)
    asking.abort()
    timer = setTimeout(async () => {
      asking = new AbortController()
      const title = field.value.trim()
      try {
        show(place, title.length < SHORTEST ? '' : await fetchAlike(place.dataset.similar, title, asking.signal))
      } catch {
        // Typed on, or no network: nobody waits for this
      }
    }, PAUSE)
  })
}

export function attach (root) {
  for (const place of find(root, '[data-similar]')) {
    const field = document.getElementById(place.dataset.similarFor)
    if (!field || seekers.has(place)) continue
    seekers.add(place)
    seek(place, field)
  }
}
