// "(3) …" in the title, when something new has come while the tab was hidden; it goes away when the tab is shown.

let plain = document.title
let count = 0

function write () {
  document.title = count ? `(${count}) ${plain.replace(/^\(\d+\) /, '')}` : plain
}

/** Counts what is new, unless somebody sees it come. */
export function add (number) {
  if (document.visibilityState === 'visible') return
  count += number
  write()
}

/** Takes over what the page is called now. */
export function rename (title) {
  plain = title
  write()
}

document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'hidden') return
  count = 0
  write()
})
