// a[data-quote]: quotes the passage selected within its post into textarea[data-composer]; with nothing selected the link
// leads, as without script, to the page where the whole post is quoted.

import { find } from './find.js'

const held = new WeakMap()

function selectedIn (link) {
  const selection = getSelection()
  const body = link.closest('article')?.querySelector('.body')
  if (!body || selection.isCollapsed) return ''
  if (!body.contains(selection.anchorNode) || !body.contains(selection.focusNode)) return ''
  return selection.toString().trim()
}

// Pressing a link with a pointer drops the selection before the click comes
function hold (event) {
  held.set(event.currentTarget, selectedIn(event.currentTarget))
}

function markdown (passage, post) {
  const lines = passage.replace(/\n{2,}/g, '\n\n').split('\n').map(line => `> ${line.trim()}`.trim())
  const author = post.querySelector('.by > :first-child').textContent.replace(/[[\]\\]/g, '\\$&')
  const link = post.querySelector('a.nr').getAttribute('href')
  return `${lines.join('\n')}\n>\n> — [${author}](${link})\n\n`
}

function append (composer, text) {
  const { value } = composer
  const end = value.length
  composer.setRangeText((value.trim() && !value.endsWith('\n\n') ? '\n\n' : '') + text, end, end, 'end')
  composer.dispatchEvent(new Event('input', { bubbles: true }))
  composer.focus()
}

function quote (event) {
  const link = event.currentTarget
  const passage = selectedIn(link) || held.get(link)
  held.delete(link)
  const composer = document.querySelector('textarea[data-composer]')
  if (!passage || !composer || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  append(composer, markdown(passage, link.closest('article')))
}

export function attach (root) {
  for (const link of find(root, 'a[data-quote]')) {
    link.addEventListener('pointerdown', hold)
    link.addEventListener('click', quote)
  }
}
