// [data-attachments="address"]: files that are chosen, pasted or dropped in the form are uploaded at once, and the server
// answers with items for the list. Without script the form's own button does it.

import { announceSwap, find } from './find.js'

const going = new WeakMap()

function say (field, sentence, name) {
  field.querySelector('[data-upload-status]').textContent = field.dataset[sentence].replace('@', name)
}

function complain (field, text) {
  const { parentElement: row } = field.querySelector('[data-upload]')
  let error = field.querySelector('#files-error')
  if (!text) return error?.remove()
  if (!error) {
    error = Object.assign(document.createElement('span'), { id: 'files-error', className: 'field-error' })
    error.setAttribute('role', 'alert')
    row.before(error)
  }
  error.textContent = text
}

// Not fetch, which does not tell how much has left
function send (field, file) {
  const data = new FormData()
  data.set('form_key', field.form.elements.namedItem('form_key')?.value ?? '')
  data.set('files', file, file.name)
  const bar = field.querySelector('[data-upload-progress]')
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.upload.addEventListener('progress', event => { bar.value = event.loaded / event.total })
    request.addEventListener('load', () => {
      // Whatever is no item and no explanation is the login page or an error's
      const answer = new DOMParser().parseFromString(request.response, 'text/html')
      const told = answer.querySelector('[data-attachment], [data-upload-error]')
      if ([200, 422].includes(request.status) && told) resolve(answer)
      else reject(new Error(`upload answered ${request.status}`))
    })
    request.addEventListener('error', () => reject(new Error('upload failed')))
    request.open('POST', field.dataset.attachments)
    request.setRequestHeader('X-Fragment', 'attachments')
    bar.hidden = false
    bar.value = 0
    request.send(data)
  })
}

function take (field, answer) {
  const list = field.querySelector('[data-uploads]')
  for (const item of answer.querySelectorAll('[data-attachment]')) {
    const taken = document.importNode(item, true)
    list.append(taken)
    list.hidden = false
    announceSwap(taken)
    tellForm(field)
  }
  const problem = answer.querySelector('[data-upload-error]')
  if (problem) complain(field, problem.textContent)
  return !problem
}

async function upload (field, file) {
  if (file.size > Number(field.dataset.largest)) {
    return complain(field, field.dataset.tooLarge.replace('@', file.name))
  }
  say(field, 'uploading', file.name)
  try {
    if (take(field, await send(field, file))) say(field, 'uploaded', file.name)
    else field.querySelector('[data-upload-status]').textContent = ''
  } catch {
    field.querySelector('[data-upload-status]').textContent = ''
    complain(field, field.dataset.failed.replace('@', file.name))
  } finally {
    field.querySelector('[data-upload-progress]').hidden = true
  }
}

// The form is another now: what saves it as a draft wants to hear of it
function tellForm (field) {
  field.dispatchEvent(new Event('input', { bubbles: true }))
}

// One after the other: so they come in the order they were chosen, and a telephone's line is shared by none
function uploadAll (field, files) {
  complain(field, '')
  const all = [...files].reduce((before, file) => before.then(() => upload(field, file)), going.get(field) ?? Promise.resolve())
  going.set(field, all)
  all.then(() => { if (going.get(field) === all) going.delete(field) })
}

function choose (event) {
  const input = event.currentTarget
  uploadAll(input.closest('[data-attachments]'), input.files)
  // They are on their way: the form is not to bring them a second time
  input.value = ''
}

// What is copied from a text comes with a picture of itself: then the text is meant
function paste (event) {
  const { files, types } = event.clipboardData
  if (!files.length || types.includes('text/plain')) return
  event.preventDefault()
  uploadAll(event.currentTarget.form.querySelector('[data-attachments]'), files)
}

function over (event) {
  if (!event.dataTransfer.types.includes('Files')) return
  event.preventDefault()
  event.dataTransfer.dropEffect = 'copy'
  event.currentTarget.dataset.dropping = ''
}

function out (event) {
  if (!event.currentTarget.contains(event.relatedTarget)) delete event.currentTarget.dataset.dropping
}

function drop (event) {
  const form = event.currentTarget
  delete form.dataset.dropping
  if (!event.dataTransfer.files.length) return
  event.preventDefault()
  uploadAll(form.querySelector('[data-attachments]'), event.dataTransfer.files)
}

function remove (event) {
  const button = event.currentTarget
  const item = button.closest('[data-attachment]')
  const field = button.closest('[data-attachments]')
  event.preventDefault()
  // A posted one stays where it is until the form is sent without it
  if (!('posted' in item.dataset)) forget(field, item)
  say(field, 'removed', item.querySelector('[data-name]').firstChild.textContent.trim())
  field.querySelector('input[type=file]').focus()
  const { parentElement: list } = item
  item.remove()
  list.hidden = !list.children.length
  tellForm(field)
}

// Should the answer be lost, it goes by itself in a week
function forget (field, item) {
  const body = new URLSearchParams({ form_key: field.form.elements.namedItem('form_key')?.value ?? '' })
  fetch(`${field.dataset.attachments}/${item.dataset.attachment}/removal`, {
    method: 'POST', body, headers: { 'X-Fragment': 'none' }, keepalive: true, redirect: 'manual'
  }).catch(() => {})
}

// A post does not leave before its files have come
async function wait (event) {
  const form = event.currentTarget
  const field = form.querySelector('[data-attachments]')
  if (!going.has(field)) return
  const button = event.submitter
  event.preventDefault()
  say(field, 'wait', '')
  await going.get(field)
  if (!field.querySelector('#files-error')) form.requestSubmit(button)
}

export function attach (root) {
  for (const button of find(root, '[data-remove]')) button.addEventListener('click', remove)
  for (const field of find(root, '[data-attachments]')) {
    field.querySelector('input[type=file]').addEventListener('change', choose)
    field.querySelector('[data-upload]').hidden = true
    field.querySelector('[data-with-script]').hidden = false
    for (const area of field.form.querySelectorAll('textarea[data-composer]')) area.addEventListener('paste', paste)
    field.form.addEventListener('dragover', over)
    field.form.addEventListener('dragleave', out)
    field.form.addEventListener('drop', drop)
    field.form.addEventListener('submit', wait)
  }
}
