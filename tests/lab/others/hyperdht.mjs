// hyperdht in the lab: `nodes HOST...` are its DHT, `listen` waits for somebody, `dial KEY` goes to him. Prints JSON lines.
import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)
// The lab's outside addresses are those that are reserved for documents: here they are the internet.
const bogon = require('bogon')
bogon.isReserved = () => false
bogon.isBogon = bogon.isPrivate
const DHT = require('hyperdht')

const say = (what, facts = {}) => process.stdout.write(`${JSON.stringify({ at: Number(process.hrtime.bigint()) / 1e9, what, ...facts })}\n`)
const [role, ...rest] = process.argv.slice(2)
const PORT = 49_737
const A_HOST = 2 // nodes on each address

async function nodes(hosts) {
  const bootstrap = []
  for (let number = 0; number < hosts.length * A_HOST; number++) {
    const host = hosts[number % hosts.length]
    const port = PORT + Math.floor(number / hosts.length)
    const node = new DHT({ host, port, anyPort: false, bootstrap, ephemeral: false, firewalled: false })
    await node.fullyBootstrapped()
    if (bootstrap.length < 3) bootstrap.push({ host, port })
  }
  say('ready')
}

async function end(hosts) {
  const node = new DHT({ bootstrap: hosts.slice(0, 3).map((host) => ({ host, port: PORT })) })
  await node.fullyBootstrapped()
  say('bootstrapped')
  return node
}

if (role === 'nodes') {
  await nodes(rest)
} else if (role === 'listen') {
  const node = await end(rest)
  const server = node.createServer((socket) => {
    say('opened')
    socket.on('data', (data) => socket.write(data))
    socket.on('error', () => {})
  })
  await server.listen()
  say('listening', { key: server.publicKey.toString('hex') })
} else if (role === 'dial') {
  const [key, ...hosts] = rest
  const node = await end(hosts)
  const socket = node.connect(Buffer.from(key, 'hex'))
  socket.on('open', () => {
    say('opened', { from: socket.rawStream.remoteHost })
    socket.write('hello')
  })
  socket.on('data', () => say('answered'))
  socket.on('error', (error) => say('failed', { why: error.code ?? String(error) }))
}
