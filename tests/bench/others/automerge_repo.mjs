// automerge-repo over its websocket: a server that keeps nothing, or a client. Told what to do line by line (talk.mjs).
import { Repo } from '@automerge/automerge-repo'
import { NodeWSServerAdapter, WebSocketClientAdapter } from '@automerge/automerge-repo-network-websocket'
import * as A from '@automerge/automerge'
import { WebSocketServer } from 'ws'
import { answer, now, type, Watch } from './talk.mjs'

const AT_ONCE = 50 // all 1,000 at once take longer still, and some end with “unavailable” after a minute
let repo, handle, watch
const loaded = () => Object.values(repo.handles).filter((one) => one.isReady() && one.doc()?.body !== undefined)

answer({
  async serve() {
    const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 })
    await new Promise((resolve) => sockets.on('listening', resolve))
    // As in its authors' own sync server: it gives what it is asked for and announces nothing.
    repo = new Repo({ network: [new NodeWSServerAdapter(sockets)], sharePolicy: async () => false })
    return { port: sockets.address().port }
  },
  async connect({ port }) {
    const adapter = new WebSocketClientAdapter(`ws://127.0.0.1:${port}`)
    repo = new Repo({ network: [adapter], sharePolicy: async () => true })
    const met = new Promise((resolve) => repo.networkSubsystem.once('peer', resolve))
    await adapter.whenReady()
    await met // whoever asks before that is told that there is no such document
    return {}
  },
  async count() {
    return { count: loaded().length }
  },
  async create({ texts }) {
    const made = texts.map((body) => repo.create({ body }))
    handle = made[0]
    return { names: made.map((one) => one.url) }
  },
  async open({ name, keys }) {
    handle = await repo.find(name)
    await handle.whenReady()
    watch = new Watch(handle.doc().body.length, keys)
    handle.on('change', ({ doc }) => watch.at(doc.body.length))
    return { length: handle.doc().body.length }
  },
  async type({ gaps, at }) {
    return { struck: await type(gaps, (n) => handle.change((doc) => A.splice(doc, ['body'], at + n, 0, 'x'))) }
  },
  async seen() {
    return { seen: await watch.all }
  },
  async fetch({ port, names }) {
    const began = now()
    await this.connect({ port })
    let letters = 0
    for (let at = 0; at < names.length; at += AT_ONCE) {
      for (const one of await Promise.all(names.slice(at, at + AT_ONCE).map((name) => repo.find(name)))) {
        await one.whenReady()
        letters += one.doc().body.length
      }
    }
    return { ms: now() - began, letters }
  },
})
