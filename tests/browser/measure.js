// What a page must hold whatever it shows: each function returns sentences about what is wrong.
// Evaluated by the tests through the debugger, which the page's Content-Security-Policy does not concern.
// One expression, to be put into a larger one.
(() => {
  const all = selector => [...document.querySelectorAll(selector)]

  function named (element) {
    const classes = element.className.baseVal ?? element.className
    const words = (element.innerText ?? element.value ?? '').trim().slice(0, 40)
    return `<${element.localName}${element.id && ` id=${element.id}`}${classes && ` class=${classes}`}> ${words}`
  }

  // Also false for what only screen readers get (.sr) and for what lies above the window until it has focus (.skip)
  function isShown (element) {
    const { width, height, bottom } = element.getBoundingClientRect()
    return element.checkVisibility({ visibilityProperty: true }) && width > 1 && height > 1 && bottom + scrollY > 0
  }

  function scrollsItself (element) {
    for (let outer = element.parentElement; outer && outer !== document.body; outer = outer.parentElement) {
      if (['auto', 'scroll', 'hidden', 'clip'].includes(getComputedStyle(outer).overflowX)) return true
    }
    return false
  }

  function sideways () {
    const { scrollWidth, clientWidth } = document.documentElement
    const wide = all('body *').filter(element => isShown(element) && !scrollsItself(element) &&
      (element.getBoundingClientRect().right > clientWidth + 1 || element.getBoundingClientRect().left < -1))
    const found = wide.map(element => `goes beyond the window: ${named(element)}`)
    if (scrollWidth > clientWidth) found.unshift(`the page scrolls sideways: ${scrollWidth} of ${clientWidth} px`)
    return found
  }

  // Words that are cut off inside a box which does not scroll
  function cut () {
    return all('body *').filter(element =>
      isShown(element) && !element.matches('input, select, textarea') && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1 &&
      ['hidden', 'clip'].includes(getComputedStyle(element).overflowX)
    ).map(element => `cut off: ${named(element)}`)
  }

  function headings () {
    const found = []
    const shown = all('h1, h2, h3, h4, h5, h6').filter(heading => heading.checkVisibility())
    const count = shown.filter(heading => heading.localName === 'h1').length
    if (count !== 1) found.push(`${count} h1`)
    let before = 0
    for (const heading of shown) {
      const level = Number(heading.localName[1])
      if (level > before + 1) found.push(`from h${before} to ${named(heading)}`)
      before = level
    }
    return found
  }

  function labels () {
    return all('input:not([type=hidden]), select, textarea').filter(control =>
      isShown(control) && !control.closest('[aria-hidden=true]') &&
      ![...(control.labels ?? [])].some(label => label.innerText.trim()) && !control.ariaLabel
    ).map(control => `no label: ${named(control)}`)
  }

  function isInText (link) {
    if (getComputedStyle(link).display !== 'inline') return false
    // The block it stands in has other words than the link's
    const block = link.closest('p, li, dd, td, th, h1, h2, h3, h4, h5, h6, legend, label, div')
    return Boolean(block.closest('.prose')) || block.innerText.trim() !== link.innerText.trim()
  }

  function target (element) {
    const area = element.matches('input[type=checkbox], input[type=radio]') ? element.labels[0] : element
    // The pieces of a link that wraps
    const pieces = [...area.getClientRects()]
    return { width: Math.max(...pieces.map(piece => piece.width)), height: Math.max(...pieces.map(piece => piece.height)) }
  }

  // 44 px for what is pressed (controls, buttons, and links in navigation), 24 px (WCAG 2.5.8) for every other target
  function targets () {
    const large = 'button, input, select, textarea, summary, .button, nav a, header a, footer a'
    const found = []
    for (const element of all('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
      if (!isShown(element) || element.disabled || element.ariaHidden || (element.localName === 'a' && isInText(element))) continue
      const least = element.matches(large) ? 44 : 24
      const { width, height } = target(element)
      if (height < least - 0.5 || width < least - 0.5) {
        found.push(`${Math.round(width)} × ${Math.round(height)} px, not ${least}: ${named(element)}`)
      }
    }
    return found
  }

  // What has words and is meant to be seen must have room to be seen in
  function hidden (selectors) {
    return selectors.filter(selector => !all(selector).some(isShown)).map(selector => `not shown: ${selector}`)
  }

  // On a page that one has only come to, nothing has it but the page
  function focus () {
    const element = document.activeElement
    return element && element !== document.body ? [`focus was moved: ${named(element)}`] : []
  }

  return { sideways, cut, headings, labels, targets, hidden, focus }
})()
