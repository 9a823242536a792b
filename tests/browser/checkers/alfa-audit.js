// Runs in an empty page of its own, which stays open and warm: judges what alfa-read.js has taken.
import { Audit } from '@siteimprove/alfa-act'
import { Device } from '@siteimprove/alfa-device'
import { Node } from '@siteimprove/alfa-dom'
import { Request, Response } from '@siteimprove/alfa-http'
import rules from '@siteimprove/alfa-rules'
import { URL } from '@siteimprove/alfa-url'
import { Page } from '@siteimprove/alfa-web'

// `unheard` are rules that take time and are not heard whatever they find.
globalThis.alfaAudit = async (taken, unheard) => {
    const { address, device, document } = JSON.parse(taken)
    const url = URL.parse(address).getUnsafe()
    const seenOn = Device.from(device)
    const page = Page.of(Request.of('GET', url), Response.of(url, 200), Node.from(document, seenOn), seenOn)
    const heard = rules.filter(rule => !unheard.includes(named(rule)))
    const outcomes = await Audit.of(page, heard).evaluate()
    return [...outcomes].filter(({ outcome }) => outcome === 'failed').map(worded)
}

function worded ({ rule, target, expectations }) {
    const reasons = [...expectations].filter(([, one]) => one.isErr?.()).map(([, one]) => one.getErr().message)
    return `${named(rule)}: ${reasons.join('; ')}: ${target}`.replace(/\s+/g, ' ').slice(0, 400)
}

function named (rule) {
    return rule.uri.split('/').pop()
}
