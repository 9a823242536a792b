// form[data-draft="address"]: saves what is being written as one types, and keeps [data-draft-line] up to date.
// The line holds the draft's place and time, which go with the next save and with the post itself.

import { announceSwap, find } from './find.js'

const PAUSE = 1000
const AT_LATEST = 5000
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
  #saving = false
  #dirty = false
  #told = ''

  constructor (form) {
    this.#form = form
    form.append(named('draft_writer', [...crypto.getRandomValues(new Uint32Array(2))].join('-')))
    for (const save of form.querySelectorAll('[data-draft-save]')) save.hidden = true
    form.addEventListener('input', () => this.#write())
    form.addEventListener('change', () => this.#write())
    form.addEventListener('focusout', () => this.save())
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
  async save ({ leaving = false } = {}) {
    if (!this.#dirty || this.#isSent() || (this.#saving && !leaving)) return
    clearTimeout(this.#timer)
    this.#since = 0
    this.#dirty = false
    this.#saving = true
    try {
      this.#show(await this.#post(leaving))
      if (!this.#dirty) this.#form.dataset.drafted = ''
    } catch {
      // Logged out, or without a network: the text is in the form, and the next word tries again
      this.#dirty = true
      return
    } finally {
      this.#saving = false
    }
    if (this.#dirty) this.#write()
  }

  // Sent: the post itself takes the draft away
  #isSent () {
    return 'sent' in this.#form.dataset || 'leaving' in this.#form.dataset
  }

  async #post (leaving) {
    const texts = [...new FormData(this.#form)].filter(([, value]) => typeof value === 'string')
    const body = new URLSearchParams(texts)
    const answer = await fetch(this.#form.dataset.draft, {
      method: 'POST',
      body,
      headers: { Accept: 'text/html', 'X-Fragment': 'draft' },
      keepalive: leaving && body.toString().length < KEEPALIVE,
      redirect: 'manual'
    })
    if (!answer.ok) throw new Error(`drafts answered ${answer.status}`)
    return answer.text()
  }

  #show (html) {
    const line = this.#form.querySelector('[data-draft-line]')
    if (!line || this.#isSent()) return
    const focused = line.contains(document.activeElement)
    line.innerHTML = html
    announceSwap(line)
    if (focused) line.querySelector('button')?.focus()
    this.#tell(line.querySelector('[data-draft-told]'))
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
