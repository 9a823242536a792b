// <time data-when datetime="…">: today's and yesterday's times in words, this year unsaid, the full text kept as title.
// Always Stockholm's day: the server wrote the full text so, and a member abroad must not read another date than colleagues.

import { find } from './find.js'

const HOUR = 3_600_000
const words = {
  sv: { today: 'i dag', yesterday: 'i går', point: '.' },
  en: { today: 'today', yesterday: 'yesterday', point: ':' }
}
const zone = { timeZone: 'Europe/Stockholm' }
const day = new Intl.DateTimeFormat('sv-SE', { ...zone, year: 'numeric', month: '2-digit', day: '2-digit' })
const clock = new Intl.DateTimeFormat('sv-SE', { ...zone, hour: '2-digit', minute: '2-digit' })
let timer

function dayBefore (isoDay) {
  const date = new Date(`${isoDay}T12:00Z`)
  date.setUTCDate(date.getUTCDate() - 1)
  return date.toISOString().slice(0, 10)
}

function reword (time, today, { today: wordToday, yesterday, point }) {
  const moment = new Date(time.dateTime)
  if (Number.isNaN(moment.valueOf())) return
  const word = { [today]: wordToday, [dayBefore(today)]: yesterday }[day.format(moment)]
  const full = time.title || time.textContent
  // This year goes without saying
  const shown = word ? `${word} ${clock.format(moment).replace(':', point)}` : full.replace(` ${today.slice(0, 4)} `, ' ')
  time.title = shown === full ? '' : full
  if (time.textContent !== shown) time.textContent = shown
}

function rewordPage () {
  attach(document)
}

export function attach (root) {
  const language = words[document.documentElement.lang.slice(0, 2)] ?? words.sv
  const today = day.format(new Date())
  for (const time of find(root, 'time[data-when]')) reword(time, today, language)
  // Stockholm's midnight is always a whole UTC hour, summer and winter; a computer that slept is caught by visibilitychange
  clearTimeout(timer)
  timer = setTimeout(rewordPage, HOUR - Date.now() % HOUR)
  document.addEventListener('visibilitychange', rewordPage)
}
