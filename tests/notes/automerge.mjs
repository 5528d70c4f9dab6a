// Automerge as its authors ship it, for test_automerge_js.py.
// read FILE           what the document says, as JSON
// change FILE FOLDER  each of the changes below by an actor of 16 times 0xAA: FOLDER/name.change and, of the text, name.txt
import * as A from '@automerge/automerge'
import fs from 'node:fs'
import path from 'node:path'

const [what, file, folder] = process.argv.slice(2)
const bytes = fs.readFileSync(file)
const load = () => A.load(bytes, { actor: 'aa'.repeat(16) })
const comment = '00'.repeat(16)

const plain = {
  typed: (x) => A.splice(x, ['body'], 2, 0, 'JS'),
  replaced: (x) => A.splice(x, ['body'], 2, 3, 'JS 😀 né'),
  struck: (x) => A.splice(x, ['body'], 0, 9),
  long: (x) => A.splice(x, ['body'], 0, 0, 'plain words '.repeat(100)),
  astral: (x) => A.splice(x, ['body'], 0, 0, '👩‍👩‍👧 𝔘 𐍈'),
  rewritten: (x) => A.updateText(x, ['body'], 'wholly new text 𝔘'),
}
const strange = {
  key: (x) => { x.foreign = 1 },
  body: (x) => { x.body = 'another text' },
  deleted: (x) => { delete x.body },
  mark: (x) => A.mark(x, ['body'], { start: 0, end: 3, expand: 'none' }, 'bold', true),
  block: (x) => A.splitBlock(x, ['body'], 3, { type: 'p' }),
  counter: (x) => { x.comments[`${comment}.n`] = new A.Counter(1) },
  text: (x) => { x.comments[`${comment}.text`] = 'a text object where a plain string belongs' },
  control: (x) => A.splice(x, ['body'], 0, 0, '\u0000'),
}

function put(name, doc) {
  fs.writeFileSync(path.join(folder, `${name}.change`), A.getLastLocalChange(doc))
  if (typeof doc.body === 'string') fs.writeFileSync(path.join(folder, `${name}.txt`), doc.body)
}

if (what === 'read') {
  const doc = A.load(bytes)
  const said = { text: doc.body, heads: A.getHeads(doc), keys: Object.keys(doc).sort(), schema: Number(doc.schema) }
  const id = Buffer.from(doc.id).toString('hex')
  const old = A.getHistory(doc).map((state) => state.change.hash)
  console.log(JSON.stringify({ ...said, id, changes: old, actors: [...new Set(A.getAllChanges(doc).map((c) => A.decodeChange(c).actor))].sort() }))
} else if (what === 'change') {
  for (const [name, deed] of Object.entries({ ...plain, ...strange })) put(name, A.change(load(), { time: 0 }, deed))
  put('timed', A.change(load(), { time: 1_700_000_000 }, plain.typed))
  put('message', A.change(load(), { time: 0, message: 'hello' }, plain.typed))
  console.log(JSON.stringify({ plain: Object.keys(plain), strange: [...Object.keys(strange), 'timed', 'message'] }))
} else {
  throw new Error(`nothing is called ${what}`)
}
