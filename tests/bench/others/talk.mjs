// What both programs beside ours do alike: words from the one who measures, one JSON line each way, one clock.
import readline from 'node:readline'

// The system's monotonic clock in milliseconds: the same in every process of this machine, Python's too.
export const now = () => Number(process.hrtime.bigint()) / 1e6

export const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`)

// Answers each line; the process ends with its input.
export function answer(deeds) {
  readline.createInterface({ input: process.stdin }).on('line', async (line) => {
    const { do: name, ...rest } = JSON.parse(line)
    try {
      say(await deeds[name](rest))
    } catch (error) {
      say({ error: String(error?.stack ?? error) })
    }
  }).on('close', () => process.exit(0))
}

// Types one letter after each gap (ms), as a person would; when each key was struck.
export async function type(gaps, strike) {
  const struck = []
  let due = now()
  for (const gap of gaps) {
    due += gap
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - now())))
    struck.push(now())
    strike(struck.length - 1)
  }
  return struck
}

// Remembers when a text of `before` letters had one more, two more, and so on.
export class Watch {
  constructor(before, keys) {
    this.before = before
    this.keys = keys
    this.seen = []
    this.all = new Promise((resolve) => { this.done = resolve })
  }

  at(length) {
    while (this.seen.length < Math.min(length - this.before, this.keys)) this.seen.push(now())
    if (this.seen.length === this.keys) this.done(this.seen)
  }
}
