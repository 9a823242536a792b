// Runs in the page that is tested, through the debugger: takes all that Alfa needs to know of it.
import { Native as DeviceReader } from '@siteimprove/alfa-device/native'
import { Native as DomReader } from '@siteimprove/alfa-dom/native'

globalThis.alfaRead = async () => JSON.stringify({
    address: location.href,
    device: DeviceReader.fromWindow(window),
    document: await DomReader.fromNode(document),
}, (key, value) => typeof value === 'string' ? inThisScheme(value) : value)

// Alfa does not know light-dark(): without this it sees none of our colours, and finds every text readable.
function inThisScheme (value) {
    const colour = String.raw`((?:[^(),]|\([^()]*\))+)`
    const either = new RegExp(String.raw`light-dark\(${colour},${colour}\)`, 'g')
    return value.replace(either, (whole, light, dark) => isDark() ? dark : light)
}

function isDark () {
    const scheme = getComputedStyle(document.documentElement).colorScheme
    return scheme === 'dark' || (scheme.includes('dark') && matchMedia('(prefers-color-scheme: dark)').matches)
}
