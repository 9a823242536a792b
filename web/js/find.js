// Which elements a behaviour is for, the root itself included: a swapped fragment is often the very element.

export function find (root, selector) {
  const inside = [...root.querySelectorAll(selector)]
  return root instanceof Element && root.matches(selector) ? [root, ...inside] : inside
}

/** Tells main.js that server-rendered HTML has come into `element`, so that its behaviours are attached. */
export function announceSwap (element) {
  element.dispatchEvent(new CustomEvent('swapped', { bubbles: true }))
}
