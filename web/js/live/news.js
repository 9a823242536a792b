// [data-live-held]: says politely, and at most every ten seconds, that posts have come; with a button, when they wait to be shown.

const BETWEEN = 10_000
let last = -BETWEEN
let timer
let unsaid = 0
let reveal

function placeOf (main) {
  return main.querySelector('[data-live-held]')
}

function words (place, one, many, count) {
  return count === 1 ? place.dataset[one] : place.dataset[many].replace('@', count)
}

function seldom (speak) {
  clearTimeout(timer)
  timer = setTimeout(() => {
    last = performance.now()
    speak()
  }, Math.max(0, last + BETWEEN - performance.now()))
}

/** Says that posts wait; `show` is called when they are asked for. */
export function offer (main, count, show) {
  const place = placeOf(main)
  reveal = show
  seldom(() => {
    const button = place.querySelector('button') ?? document.createElement('button')
    button.type = 'button'
    button.textContent = words(place, 'waitingOne', 'waitingMany', count)
    button.onclick = () => reveal()
    if (!button.isConnected) place.replaceChildren(button)
  })
}

/** Says that posts have come, to those who do not see them. */
export function announce (main, count) {
  const place = placeOf(main)
  unsaid += count
  seldom(() => {
    const said = Object.assign(document.createElement('span'), { className: 'sr' })
    said.textContent = words(place, 'arrivedOne', 'arrivedMany', unsaid)
    unsaid = 0
    place.replaceChildren(said)
    // Who reads her way there later is told of nothing new
    setTimeout(() => said.remove(), BETWEEN)
  })
}

/** Nothing waits any longer. */
export function withdraw (main) {
  if (!reveal) return
  reveal = undefined
  clearTimeout(timer)
  placeOf(main).replaceChildren()
}
