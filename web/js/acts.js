// a[data-acts]: becomes a details.menu, which holds what the page it leads to lists; without script, or when that page
// cannot be had, it leads there.

import { announceSwap, find } from './find.js'

async function fetchList (address) {
  const answer = await fetch(address, { headers: { Accept: 'text/html' } })
  // A redirect is the way to the login page, which wants the whole window
  if (!answer.ok || answer.redirected) throw new Error(`${address} answered ${answer.status}`)
  return new DOMParser().parseFromString(await answer.text(), 'text/html').querySelector('[data-acts-list]')
}

async function fill (event) {
  const menu = event.currentTarget
  if (!menu.open || menu.querySelector('ul')) return
  menu.ariaBusy = 'true'
  try {
    const list = await fetchList(menu.dataset.address)
    list.removeAttribute('class')
    if (!menu.querySelector('ul')) menu.append(document.adoptNode(list))
    announceSwap(menu)
  } catch {
    location.assign(menu.dataset.address)
  } finally {
    menu.ariaBusy = null
  }
}

function unfolding (link) {
  const menu = document.createElement('details')
  menu.id = `menu-${link.getAttribute('href')}`
  menu.className = 'menu'
  menu.dataset.menu = ''
  menu.dataset.address = link.getAttribute('href')
  const summary = document.createElement('summary')
  summary.className = 'i-more'
  summary.append(...link.childNodes)
  menu.append(summary)
  menu.addEventListener('toggle', fill)
  return menu
}

export function attach (root) {
  for (const link of find(root, 'a[data-acts]')) link.replaceWith(unfolding(link))
}
