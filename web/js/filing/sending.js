// One file on its way into a folder: sent piece by piece (tus), with a line that shows how far it has come.

import { Upload } from 'tus-js-client'

// After these pauses it asks again by itself, and then waits to be told
const PAUSES = [0, 1000, 3000, 5000, 10_000, 20_000, 30_000, 60_000, 60_000, 60_000]
const LOGGED_OUT = 401

function statusOf (error) {
  return error.originalResponse?.getStatus() ?? 0
}

function lineOf (form, name) {
  const line = form.querySelector('template[data-sending-line]').content.firstElementChild.cloneNode(true)
  line.querySelector('[data-name]').textContent = name
  for (const button of line.querySelectorAll('button')) button.append(Object.assign(document.createElement('span'), { className: 'sr', textContent: ` ${name}` }))
  form.querySelector('[data-sending]').append(line)
  return line
}

/** A file and where it stands: `state` is waiting, going, paused, failed or done. */
export class Sending {
  constructor (form, file, path, changed) {
    Object.assign(this, { form, file, path, changed, state: 'waiting' })
    this.name = path ? `${path}/${file.name}` : file.name
    this.line = lineOf(form, this.name)
    this.say('wordsWaiting')
    this.line.querySelector('[data-pause]').onclick = () => this.state === 'going' ? this.pause() : this.resume()
    this.line.querySelector('[data-stop]').onclick = () => this.stop()
    if (file.size > Number(form.dataset.largest)) this.fail(form.dataset.wordsTooLarge.replace('@name', file.name))
  }

  say (word, text) {
    this.line.querySelector('[data-said]').textContent = text ?? this.form.dataset[word]
  }

  become (state) {
    this.state = state
    const pause = this.line.querySelector('[data-pause]')
    pause.firstChild.textContent = this.form.dataset[state === 'going' ? 'wordsPause' : 'wordsResume']
    pause.hidden = state === 'waiting' || state === 'done'
    this.line.querySelector('[data-stop]').hidden = state === 'done'
    this.line.dataset.state = state
    this.changed(this)
  }

  async start () {
    this.become('going')
    this.upload ??= new Upload(this.file, {
      endpoint: this.form.dataset.arrivals,
      metadata: { name: this.file.name, path: this.path, ...this.goal() },
      retryDelays: PAUSES,
      removeFingerprintOnSuccess: true,
      onShouldRetry: error => statusOf(error) === 0 || statusOf(error) >= 502 || statusOf(error) === 423,
      onProgress: (sent, all) => this.progress(sent / (all || 1)),
      onSuccess: () => { this.progress(1); this.say('wordsDone'); this.become('done') },
      onError: error => this.refused(error)
    })
    // Begun before the browser was closed, or another tab was
    const [earlier] = await this.upload.findPreviousUploads()
    if (earlier) this.upload.resumeFromPreviousUpload(earlier)
    if (this.state === 'going') this.upload.start()
  }

  goal () {
    const { folder, document: id, basedOn } = this.form.dataset
    return id ? { folder, document: id, based_on: basedOn } : { folder }
  }

  progress (share) {
    this.line.querySelector('progress').value = share
    const percent = `${Math.floor(share * 100)} %`
    this.say('', this.form.dataset.wordsSending.replace('@name', '').replace('@percent', percent).replace(/^[:\s]+/, ''))
  }

  refused (error) {
    const status = statusOf(error)
    const text = error.originalResponse?.getBody()
    if (status === LOGGED_OUT) this.say('wordsLogin')
    else if (status === 0) this.say('wordsLost')
    else return this.fail([413, 422, 507].includes(status) && text ? text : this.form.dataset.wordsFailed)
    this.become('paused')
  }

  fail (text) {
    this.say('', text)
    this.line.querySelector('[data-said]').classList.add('field-error')
    this.become('failed')
    this.line.querySelector('[data-pause]').hidden = true
  }

  pause () {
    this.upload?.abort()
    this.say('wordsPaused')
    this.become('paused')
  }

  resume () {
    if (this.state === 'paused') this.start()
  }

  stop () {
    this.upload?.abort(true).catch(() => {})
    this.line.remove()
    this.state = 'stopped'
    this.changed(this)
  }
}
