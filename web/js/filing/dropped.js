// What is let go over a page: files, and those in folders, each with the folders that it lies in.

// What Windows, macOS and Office put into folders for themselves
const OF_PROGRAMS = /^(?:\.DS_Store|\._.*|Thumbs\.db|desktop\.ini|~\$.*)$/i

function meant ({ file, path }) {
  return !path || !OF_PROGRAMS.test(file.name)
}

function entriesOf (folder) {
  const reader = folder.createReader()
  return new Promise((resolve, reject) => {
    const found = []
    // A hundred at a time, until there are none
    const more = () => reader.readEntries(some => {
      if (!some.length) return resolve(found)
      found.push(...some)
      more()
    }, reject)
    more()
  })
}

async function walk (entry, path) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject))
    return [{ file, path }]
  }
  const within = path ? `${path}/${entry.name}` : entry.name
  const entries = await entriesOf(entry)
  return (await Promise.all(entries.map(one => walk(one, within)))).flat()
}

/** Returns the files of a drop with their paths. */
export async function dropped (data) {
  const entries = [...data.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean)
  if (!entries.length) return [...data.files].map(file => ({ file, path: '' }))
  return (await Promise.all(entries.map(entry => walk(entry, '')))).flat().filter(meant)
}

/** Returns the files that were chosen in a field, with their paths where a folder was. */
export function chosen (field) {
  return [...field.files].map(file => ({ file, path: file.webkitRelativePath.split('/').slice(0, -1).join('/') })).filter(meant)
}
