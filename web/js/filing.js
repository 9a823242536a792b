// Entry of the pages that take files. form[data-filing]: what is chosen or let go over it is sent at once, piece by piece,
// also after the network has been away; sending the form then says what is to become of it. Without script the form
// brings the files itself.

import { chosen, dropped } from './filing/dropped.js'
import { Sending } from './filing/sending.js'

const AT_ONCE = 2

function attach (form) {
  const field = form.querySelector('input[type="file"][name]')
  const sendings = []
  let wanted

  const of = state => sendings.filter(one => one.state === state)

  function changed (one) {
    if (one.state === 'stopped') sendings.splice(sendings.indexOf(one), 1)
    form.querySelector('[data-sending]').hidden = !sendings.length
    // Starting one comes here again
    while (of('waiting').length && of('going').length < AT_ONCE) of('waiting')[0].start()
    form.querySelector('[data-sending-status]').textContent = ''
    const settled = sendings.length && !of('waiting').length && !of('going').length && !of('paused').length
    if (!settled) return
    if (of('done').length) form.querySelector('[data-sending-status]').textContent = form.dataset.wordsAll
    if (wanted && !of('failed').length) form.requestSubmit(wanted)
  }

  function add (files) {
    for (const { file, path } of files) sendings.push(new Sending(form, file, path, changed))
    const last = sendings.at(-1)
    if (last) changed(last)
  }

  function take (event) {
    add(chosen(event.target))
    event.target.value = ''
  }

  form.addEventListener('submit', event => {
    if (!sendings.length || (!of('waiting').length && !of('going').length && !of('paused').length)) return
    event.preventDefault()
    event.stopImmediatePropagation()
    wanted = event.submitter ?? form.querySelector('button')
  }, { capture: true })
  form.addEventListener('dragover', event => {
    event.preventDefault()
    form.dataset.dropping = ''
  })
  for (const over of ['dragleave', 'drop']) form.addEventListener(over, () => { delete form.dataset.dropping })
  form.addEventListener('drop', async event => {
    event.preventDefault()
    add(await dropped(event.dataTransfer))
  })
  field.addEventListener('change', take)
  const whole = form.querySelector('[data-whole-folder]')
  if (whole) {
    whole.webkitdirectory = true
    whole.addEventListener('change', take)
  }
  for (const one of form.querySelectorAll('[data-with-script]')) one.hidden = false
  addEventListener('online', () => { for (const one of of('paused')) one.resume() })
  addEventListener('beforeunload', event => { if (of('going').length) event.preventDefault() })
}

for (const form of document.querySelectorAll('form[data-filing]')) attach(form)
