// What stands in a page and could only have come there because somebody's text was taken for markup.
// One function, evaluated by the tests through the debugger.
() => {
  const SCHEMES = ['http:', 'https:', 'mailto:', 'tel:']
  const ADDRESSES = ['href', 'src', 'action', 'formaction', 'xlink:href', 'poster', 'data', 'to', 'values']
  const FOREIGN = /^on|^style$|^srcdoc$|^srcset$|^ping$|^background$|^(hx|x|v|ng)-|["'<`=]/
  const STRANGE = 'iframe, frame, frameset, object, embed, applet, base, math, template:not([data-read-aloud], [data-toolbar-for], [data-live-says], [data-sending-line]), noscript, style, marquee, video, audio, ' +
    'portal, fencedframe, plaintext, xmp, listing, dialog, picture, source, track, meta[http-equiv], ' +
    'svg :not(use, path, circle, rect, line, polyline, g), script:not([type=module][src^="/static/"]), link:not([href^="/static/"]), ' +
    'body :is(title, link, meta, script, html, body), [id=document], [name=cookie], [name=getElementById], [id=t]'

  function named (element) {
    return element.cloneNode().outerHTML.slice(0, 200)
  }

  function strange (element) {
    const unknown = element instanceof HTMLUnknownElement || element.localName.includes('-') || element.shadowRoot
    return unknown || element.matches(STRANGE) ? [`strange: ${named(element)}`] : []
  }

  // By the prototype: an input named "attributes" hides its form's own
  const { getAttribute, getAttributeNames } = Element.prototype

  function attributes (element) {
    return getAttributeNames.call(element).flatMap(name => {
      if (FOREIGN.test(name)) return [`attribute: ${named(element)}`]
      if (!ADDRESSES.includes(name)) return []
      const leads = URL.parse(getAttribute.call(element, name), location.origin)
      const stays = element.matches('a') || leads?.origin === location.origin
      return SCHEMES.includes(leads?.protocol) && stays ? [] : [`leads away: ${named(element)}`]
    })
  }

  return [...document.querySelectorAll('*')].flatMap(element => [...strange(element), ...attributes(element)])
}
