// Makes a part of the page what the server says it is now, and leaves what somebody reads, writes or holds open as it is.

import { Idiomorph } from 'idiomorph'
import { announceSwap } from '../find.js'

// What a person writes in, and what scripts have made or said in a place that the server leaves empty
const LEFT_ALONE = 'form.composer, form[data-filing], [data-live-held], [data-presence], section:has([aria-invalid])'
const STAYING = '[data-read-mark], [data-error-summary], .flash, button[data-stop]'
const OF_SCRIPTS = new Set(['data-can-read', 'data-sent', 'aria-busy', 'aria-disabled', 'tabindex'])

function isTouched (control) {
  if (control === document.activeElement) return true
  if (control.matches('textarea')) return control.value !== ''
  if (control.matches('select')) return [...control.options].some(one => one.selected !== one.defaultSelected)
  if (control.matches('[type=hidden]')) return false
  if (control.matches('[type=checkbox], [type=radio]')) return control.checked !== control.defaultChecked
  return control.value !== control.defaultValue
}

const CONTROLS = 'input, select, textarea'

/** Tells whether somebody is there, or has written there. */
export function isInUse (element) {
  return element.contains(document.activeElement) || [...element.querySelectorAll(CONTROLS)].some(isTouched)
}

// A window's place in the page, by what is seen in it
function anchor () {
  const seen = element => {
    const { top, bottom } = element.getBoundingClientRect()
    return bottom > 0 && top < innerHeight
  }
  const focused = document.activeElement
  if (focused !== document.body && seen(focused)) return focused
  return scrollY > 0 ? [...document.querySelectorAll('main :is(article, li, h1, h2)')].find(seen) : undefined
}

/** Makes a change, with what is seen where it is in the window. */
export function holdStill (change) {
  const still = anchor()
  const { activeElement } = document
  const before = still?.getBoundingClientRect().top
  change()
  // Not every browser keeps the focus of what is moved
  if (activeElement !== document.activeElement && activeElement.isConnected) activeElement.focus({ preventScroll: true })
  if (!still?.isConnected) return
  const moved = still.getBoundingClientRect().top - before
  if (moved) scrollBy({ top: moved, behavior: 'instant' })
}

/** Morphs the element's children into the other's; tells whether something in use had to stay. */
export function morph (element, next) {
  const added = []
  let stayed = false
  const callbacks = {
    beforeNodeMorphed (old, other) {
      if (!(old instanceof Element)) return true
      if (old.matches(LEFT_ALONE) || (old.matches(CONTROLS) && isTouched(old))) return false
      return !old.isEqualNode(other)
    },
    beforeNodeRemoved (old) {
      if (!(old instanceof Element)) return true
      if (old.matches(STAYING)) return false
      const used = isInUse(old)
      stayed ||= used
      return !used
    },
    beforeAttributeUpdated (name, old) {
      if (name === 'open' && old.matches('details')) return false
      if (name === 'hidden' && old.closest('[data-read-mark]')) return false
      return !OF_SCRIPTS.has(name)
    },
    afterNodeAdded (fresh) {
      if (fresh instanceof Element) added.push(fresh)
    }
  }
  holdStill(() => {
    Idiomorph.morph(element, [...next.childNodes], { morphStyle: 'innerHTML', ignoreActiveValue: true, callbacks })
    for (const one of added) if (one.isConnected) announceSwap(one)
  })
  return stayed
}
