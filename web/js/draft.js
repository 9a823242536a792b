// form[data-draft="address"]: saves what is being written as one types, and keeps [data-draft-line] up to date.
// The line holds the draft's place and time, which go with the next save and with the post itself.

import { announceSwap, find } from './find.js'

const PAUSE = 1000
const AT_LATEST = 5000
const LONGEST_WAIT = 2000
// What fetch may still send when the page is left, with room for headers
const KEEPALIVE = 60_000

const writers = new WeakMap()

// Another tab has been sent the very same page: this says which of them goes on with what it has saved
function named (name, value) {
  return Object.assign(document.createElement('input'), { type: 'hidden', name, value })
}

class Writer {
  #form
  #timer
  #since = 0
  #saving = null
  #dirty = false
  #told = ''

  constructor (form) {
    this.#form = form
    form.append(named('draft_writer', [...crypto.getRandomValues(new Uint32Array(2))].join('-')))
    for (const save of form.querySelectorAll('[data-draft-save]')) save.hidden = true
    // Not "change": a text that is saved already changes once more when it is left for the button that sends it
    form.addEventListener('input', () => this.#write())
    form.addEventListener('focusout', () => this.save())
    form.addEventListener('submit', event => this.#wait(event))
    addEventListener('pagehide', () => this.save({ leaving: true }))
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'hidden') this.save({ leaving: true })
    })
  }

  #write () {
    this.#dirty = true
    delete this.#form.dataset.drafted
    const now = Date.now()
    this.#since ||= now
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.save(), Math.min(PAUSE, Math.max(0, this.#since + AT_LATEST - now)))
  }

  // While one save is under way the next one waits for it, unless the page is being left
  save ({ leaving = false } = {}) {
    if (!this.#dirty || this.#isSent() || (this.#saving && !leaving)) return
    clearTimeout(this.#timer)
    this.#since = 0
    this.#dirty = false
    const saving = this.#keep(leaving).finally(() => { if (this.#saving === saving) this.#saving = null })
    this.#saving = saving
  }

  async #keep (leaving) {
    const answer = await this.#post(leaving).catch(() => null)
    if (!answer?.ok) {
      // The text is in the form, and the next word tries again
      this.#dirty = true
      return this.#complain(answer?.type === 'opaqueredirect' ? 'loggedOut' : 'failed')
    }
    this.#show(await answer.text())
    if (this.#dirty) this.#write()
    else this.#form.dataset.drafted = ''
  }

  // A form that overtook its own save would not take that draft away when it is posted
  async #wait (event) {
    const { submitter } = event
    if (event.defaultPrevented || !this.#saving || this.#line?.contains(submitter)) return
    event.preventDefault()
    await Promise.race([this.#settle(), new Promise(resolve => setTimeout(resolve, LONGEST_WAIT))])
    this.#saving = null
    this.#form.requestSubmit(submitter)
  }

  // The words that came while it was being saved too: a form that is refused shows them, and the draft must hold them
  async #settle () {
    await this.#saving
    this.save()
    await this.#saving
  }

  // Sent: the post itself takes the draft away
  #isSent () {
    return 'sent' in this.#form.dataset || 'leaving' in this.#form.dataset
  }

  async #post (leaving) {
    const texts = [...new FormData(this.#form)].filter(([, value]) => typeof value === 'string')
    const body = new URLSearchParams(texts)
    return fetch(this.#form.dataset.draft, {
      method: 'POST',
      body,
      headers: { Accept: 'text/html', 'X-Fragment': 'draft' },
      keepalive: leaving && body.toString().length < KEEPALIVE,
      redirect: 'manual'
    })
  }

  get #line () {
    return this.#form.querySelector('[data-draft-line]')
  }

  #show (html) {
    const line = this.#line
    if (!line || this.#isSent()) return
    const focused = line.contains(document.activeElement)
    line.innerHTML = html
    announceSwap(line)
    if (focused) line.querySelector('button')?.focus()
    this.#tell(line.querySelector('[data-draft-told]'))
  }

  // What the line says of the last save still holds; what has been written since then is not in it
  #complain (why) {
    const line = this.#line
    if (!line || this.#isSent()) return
    const told = line.querySelector('[data-draft-unsaved]') ?? document.createElement('p')
    told.className = 'field-error'
    told.dataset.draftUnsaved = ''
    told.textContent = line.dataset[why]
    line.append(told)
    this.#tell(told)
  }

  // Once that it is saved, and each new reason why it is not: more would talk over who is writing
  #tell (told) {
    const kind = told?.matches('.field-error') ? told.textContent : told ? 'saved' : this.#told
    const news = this.#form.querySelector('[data-draft-news]')
    if (kind === this.#told || !news) return
    this.#told = kind
    news.textContent = told.textContent
  }
}

export function attach (root) {
  for (const form of find(root, 'form[data-draft]')) {
    if (!writers.has(form)) writers.set(form, new Writer(form))
  }
}
