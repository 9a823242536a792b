// template[data-toolbar-for="id"]: a toolbar over that textarea, which writes the marks of Markdown around what is selected.
// Text is put in by execCommand, old as it is: it alone keeps the browser's undo, which setRangeText empties.

import { find } from './find.js'

const lines = { list: '- ', quote: '> ' }
const around = { bold: '**', italic: '*' }
const keys = { b: 'bold', i: 'italic' }

function put (field, from, to, text) {
  field.focus()
  field.setSelectionRange(from, to)
  const done = text ? document.execCommand('insertText', false, text) : document.execCommand('delete')
  if (done) return
  field.setRangeText(text, from, to, 'end')
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

// How many stars stand on both sides: one is italics, two are bold, three are both
function stars (value, from, to) {
  const [before] = value.slice(0, from).match(/\**$/)
  const [after] = value.slice(to).match(/^\**/)
  return Math.min(before.length, after.length)
}

// Pressed again it takes the mark away
function wrap (field, mark) {
  const { value, selectionStart: from, selectionEnd: to } = field
  const words = value.slice(from, to)
  const there = stars(value, from, to)
  if (mark.length === 2 ? there >= 2 : there % 2) {
    const begin = from - mark.length
    put(field, begin, to + mark.length, words)
    return field.setSelectionRange(begin, begin + words.length)
  }
  // A mark beside a space is no mark
  const [, before, core, after] = words.match(/^(\s*)([^]*?)(\s*)$/)
  put(field, from, to, before + mark + core + mark + after)
  const start = from + before.length + mark.length
  field.setSelectionRange(start, start + core.length)
}

function prefix (field, mark) {
  const { value } = field
  const from = value.lastIndexOf('\n', field.selectionStart - 1) + 1
  const next = value.indexOf('\n', field.selectionEnd)
  const to = next < 0 ? value.length : next
  const rows = value.slice(from, to).split('\n')
  const marked = rows.every(row => row.startsWith(mark))
  const text = rows.map(row => marked ? row.slice(mark.length) : mark + row).join('\n')
  put(field, from, to, text)
  if (rows.length > 1) field.setSelectionRange(from, from + text.length)
}

function link (field, words) {
  const { value, selectionStart: from, selectionEnd: to } = field
  const chosen = value.slice(from, to)
  const address = /^https?:\/\/\S+$/.test(chosen) ? chosen : 'https://'
  const shown = address === chosen ? words : chosen || words
  put(field, from, to, `[${shown}](${address})`)
  // What is missing is selected: the address, or the words for one
  const start = address === chosen ? from + 1 : from + shown.length + 3
  field.setSelectionRange(start, start + (address === chosen ? shown : address).length)
}

function format (field, button) {
  const kind = button.dataset.format
  if (kind in around) wrap(field, around[kind])
  else if (kind in lines) prefix(field, lines[kind])
  else link(field, button.dataset.words)
}

// One stop for the Tab key; the arrows go between the buttons
function rove (buttons, event) {
  const at = buttons.indexOf(document.activeElement)
  const steps = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: -1 }
  if (at < 0 || !(event.key in steps)) return
  event.preventDefault()
  const next = buttons.at(steps[event.key] % buttons.length)
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1
  next.focus()
}

function equip (template, field) {
  const toolbar = template.content.firstElementChild.cloneNode(true)
  const buttons = [...toolbar.querySelectorAll('button')]
  for (const button of buttons) {
    button.tabIndex = button === buttons[0] ? 0 : -1
    button.addEventListener('click', () => format(field, button))
  }
  toolbar.addEventListener('keydown', event => rove(buttons, event))
  field.addEventListener('keydown', event => {
    const kind = keys[event.key.toLowerCase()]
    if (!kind || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return
    event.preventDefault()
    wrap(field, around[kind])
  })
  field.before(toolbar)
}

export function attach (root) {
  for (const template of find(root, 'template[data-toolbar-for]')) {
    const field = document.getElementById(template.dataset.toolbarFor)
    if (!field || 'equipped' in field.dataset) continue
    field.dataset.equipped = ''
    equip(template, field)
  }
}
