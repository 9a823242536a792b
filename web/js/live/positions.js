// How far this tab has come in each network. Kept in the tab, so that its next page goes on from there.

const KEY = 'live'
const reached = stored()

function stored () {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {}
  } catch {
    // Storage can be shut off: each page then begins anew
    return {}
  }
}

function store () {
  try { sessionStorage.setItem(KEY, JSON.stringify(reached)) } catch { /* as above */ }
}

export function since () {
  return { ...reached }
}

export function reach (network, seq) {
  reached[network] = seq
  store()
}

/** Takes over the networks that there are; tells whether this tab knew them all, and hears what it has missed. */
export function settle (networks) {
  let knew = true
  for (const network of Object.keys(reached)) {
    if (!(network in networks)) delete reached[network]
  }
  for (const [network, seq] of Object.entries(networks)) {
    knew &&= network in reached
    reached[network] ??= seq
  }
  store()
  return knew
}
