// Yjs over y-websocket: its server, or a client; one room for each note. Told what to do line by line (talk.mjs).
import http from 'node:http'
import WebSocket, { WebSocketServer } from 'ws'
import * as Y from 'yjs'
import { WebsocketProvider } from 'y-websocket'
import { docs, setupWSConnection } from '@y/websocket-server/utils'
import { answer, now, type, Watch } from './talk.mjs'

let url, text, watch
const rooms = []
process.setMaxListeners(0) // each room listens for the end

function enter(name) {
  const doc = new Y.Doc()
  // Only the server between them: two tabs of one browser is not what is measured.
  const provider = new WebsocketProvider(url, name, doc, { WebSocketPolyfill: WebSocket, disableBc: true })
  const synced = new Promise((resolve) => provider.once('sync', resolve))
  rooms.push(provider)
  return { text: doc.getText('body'), synced }
}

answer({
  async serve() {
    const server = http.createServer()
    new WebSocketServer({ server }).on('connection', setupWSConnection)
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
    return { port: server.address().port }
  },
  async connect({ port }) {
    url = `ws://127.0.0.1:${port}`
    return {}
  },
  async count() {
    return { count: [...docs.values()].filter((doc) => doc.getText('body').length > 0).length }
  },
  async create({ texts }) {
    const names = []
    for (const body of texts) {
      const name = `note ${rooms.length}`
      const room = enter(name)
      await room.synced
      room.text.insert(0, body)
      text ??= room.text
      names.push(name)
    }
    return { names }
  },
  async open({ name, keys }) {
    const room = enter(name)
    await room.synced
    text = room.text
    watch = new Watch(text.length, keys)
    text.observe(() => watch.at(text.length))
    return { length: text.length }
  },
  async type({ gaps, at }) {
    return { struck: await type(gaps, (n) => text.insert(at + n, 'x')) }
  },
  async seen() {
    return { seen: await watch.all }
  },
  async fetch({ port, names }) {
    url = `ws://127.0.0.1:${port}`
    const began = now()
    const found = names.map(enter)
    let letters = 0
    for (const one of found) {
      await one.synced
      letters += one.text.length
    }
    return { ms: now() - began, letters }
  },
})
