// Pages that list threads: what the server says now, with each row still the row that it was.

import * as times from '../times.js'
import { morph } from './morph.js'

// Rows have no names of their own, and one that is focused must not become another: the same thread in the same list
function nameRows (main) {
  const taken = new Map()
  for (const row of main.querySelectorAll('li:not([id])')) {
    const link = row.querySelector('a[href]')
    if (!link) continue
    const list = row.closest('section[aria-labelledby], aside, nav')
    const place = link.getAttribute('href').replace(/\/posts\/\d+$/, '')
    const name = `${list?.getAttribute('aria-labelledby') ?? list?.localName ?? ''} ${place}`.replaceAll(' ', '-')
    const already = taken.get(name) ?? 0
    taken.set(name, already + 1)
    row.id = `row-${name}-${already}`
  }
}

const OF_DOCUMENTS = /^(?:document|folder|version|publication)\./
// These change what lies in other folders than the one they name, and which folders there are
const ELSEWHERE = /^(?:folder\.|document\.(?:moved|trashed|restored|weeded)$)/

// Pages of documents tell by data-live-document, data-live-folder or data-live-documents what they show
function isShown ({ liveDocument, liveFolder, liveDocuments }, { kind, document: changed, folder }) {
  const ofDocuments = OF_DOCUMENTS.test(kind)
  if (liveDocument) return ofDocuments && changed === Number(liveDocument)
  if (liveFolder) return ofDocuments && (folder === Number(liveFolder) || ELSEWHERE.test(kind))
  if (liveDocuments !== undefined) return ofDocuments
  return !ofDocuments && kind !== 'post.thanked'
}

/** Tells which of the events can be seen on a page that lists what there is in `network`, or in all. */
export function concerning (main, { network, events }) {
  const { liveNetwork } = main.dataset
  if (liveNetwork && Number(liveNetwork) !== network) return []
  return events?.filter(event => isShown(main.dataset, event))
}

export function show (main, next) {
  nameRows(main)
  nameRows(next)
  times.attach(next)
  return morph(main, next)
}
