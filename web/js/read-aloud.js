// [data-readable="what it is"]: gets a button that reads it aloud with the browser's own voice, one at a time.
// The button is made from template[data-read-aloud], and only where the device has a voice for the text's language.

import { find } from './find.js'

const speech = window.speechSynthesis
// Some voices fall silent in the middle of a long utterance
const LONGEST = 200
const SILENT = 'button, summary, form, select, svg, template, .sr, [aria-hidden=true], [data-silent]'
const BLOCK = 'p, li, h1, h2, h3, h4, h5, h6, td, th, pre, blockquote, summary, dt, dd, div'
let reading

function languageOf (element) {
  return element.closest('[lang]').lang
}

function voiceFor (language) {
  const short = language.slice(0, 2).toLowerCase()
  return speech.getVoices().find(voice => voice.lang.toLowerCase().startsWith(short))
}

function hasWords (node) {
  const { parentElement } = node
  return node.data.trim() && !parentElement.closest(SILENT) && parentElement.checkVisibility()
}

// The words that are seen, a text for each paragraph and its like
function paragraphs (element) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
  const found = []
  let within
  while (walker.nextNode()) {
    const node = walker.currentNode
    // Between two elements it is what parts their words
    if (!node.data.trim() && found.length) found[found.length - 1] += ' '
    if (!hasWords(node)) continue
    const block = node.parentElement.closest(BLOCK)
    if (block === within) found[found.length - 1] += node.data
    else found.push(node.data)
    within = block
  }
  return found.map(text => text.replace(/\s+/g, ' ').trim())
}

function pieces (text) {
  const sentences = text.match(/.{1,200}?([.!?…:]+(?=\s|$)|$)|.{1,200}(?=\s|$)|.{1,200}/g) ?? []
  return sentences.reduce((whole, next) => {
    const last = whole.at(-1)
    if (last && last.length + next.length < LONGEST) whole[whole.length - 1] = last + next
    else whole.push(next)
    return whole
  }, [])
}

function label (button, on) {
  button.querySelector('[data-words]').textContent = on ? button.dataset.stop : button.dataset.start
}

function stop () {
  if (!reading) return
  label(reading.button, false)
  reading = undefined
  speech.cancel()
}

function start (element, button) {
  stop()
  const mine = reading = { button }
  const language = languageOf(element)
  const texts = paragraphs(element).flatMap(pieces)
  label(button, true)
  for (const [at, text] of texts.entries()) {
    const utterance = new SpeechSynthesisUtterance(text)
    utterance.lang = language
    utterance.voice = voiceFor(language)
    utterance.onend = utterance.onerror = () => { if (reading === mine && at === texts.length - 1) stop() }
    speech.speak(utterance)
  }
  if (!texts.length) stop()
}

function place (element, button) {
  const acts = element.closest('article')?.querySelector('.acts')
  if (acts) acts.prepend(button)
  else element.before(button)
}

function equip (element, template) {
  const button = template.content.firstElementChild.cloneNode(true)
  button.querySelector('[data-what]').textContent = element.dataset.readable ? ` ${element.dataset.readable}` : ''
  button.dataset.start = button.querySelector('[data-words]').textContent
  button.addEventListener('click', () => reading?.button === button ? stop() : start(element, button))
  place(element, button)
}

export function attach (root) {
  const template = document.querySelector('template[data-read-aloud]')
  if (!speech || !template) return
  for (const element of find(root, '[data-readable]:not([data-can-read])')) {
    if (!voiceFor(languageOf(element))) continue
    element.dataset.canRead = ''
    equip(element, template)
  }
}

// Voices come late, and some with the network
speech?.addEventListener('voiceschanged', () => attach(document))
addEventListener('pagehide', stop)
