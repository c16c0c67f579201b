// What changes, as it changes: one stream for all tabs of this browser. One tab, the leader (lib/leader.ts), holds it for
// all that any tab watches, and passes on what comes; when it goes, another takes over where it was.
import type { RunEvent, RunsEvent } from './types'
import { parseAnswer } from '../lib/exact'
import { Leadership, type Note } from '../lib/leader'
import { session } from '../lib/session.svelte'
import { apiAddress, get } from './client'

export type LiveEvent = RunsEvent | RunEvent
export type Health = 'live' | 'connecting'

interface Watch {
  cursor: string
  stale: boolean // something came while the tab was hidden
  handler: (event: LiveEvent) => void
  reload: () => void
}
type Message =
  | Note
  | { kind: 'want'; tab: string; topics: [string, string][] }
  | { kind: 'who' }
  | { kind: 'bye'; tab: string }
  | { kind: 'event'; text: string } // as the server sent it: numbers of any length come through
  | { kind: 'health'; health: Health }

const tab = crypto.getRandomValues(new Uint32Array(2)).join('-')
// The same for all tabs: the server ends the stream that a new one of the same browser follows.
const browser = (localStorage['backlot-browser'] ??= crypto.getRandomValues(new Uint32Array(4)).join('-')) as string
const channel = 'BroadcastChannel' in window ? new BroadcastChannel('backlot-live') : null
const watches = new Map<string, Set<Watch>>()
const wants = new Map<string, { topics: [string, string][]; seen: number }>() // of the leader: by tab
const positions = new Map<string, string>() // of the leader: by topic, how far the stream has come
const healthListeners = new Set<(health: Health) => void>()
let stream: EventSource | null = null
let streamTopics = ''
let health: Health = 'connecting'
let reopening: ReturnType<typeof setTimeout> | undefined

/**
 * Calls `handler` for each event of a topic after `cursor`, `reload` when so much was missed that everything has to be
 * asked for again (then watch anew). Returns what ends it.
 */
export function watch(topic: string, cursor: string, handler: (event: LiveEvent) => void, reload: () => void) {
  const entry: Watch = { cursor, stale: false, handler, reload }
  const all = watches.get(topic) ?? new Set()
  watches.set(topic, all.add(entry))
  announce()
  return () => {
    all.delete(entry)
    if (!all.size) watches.delete(topic)
    announce()
  }
}

export function onHealth(listener: (health: Health) => void) {
  healthListeners.add(listener)
  listener(health)
  return () => healthListeners.delete(listener)
}

/** Calls `listener` each time that the stream is back after it was not there. Returns what ends it. */
export function onReturn(listener: () => void) {
  let live: boolean | undefined
  return onHealth((health) => {
    if (health === 'live' && live === false) listener()
    live = health === 'live'
  })
}

function myTopics(): [string, string][] {
  const topics: [string, string][] = []
  for (const [topic, all] of watches) {
    // Of several places that watch the same, the one that is furthest behind; what is stale will ask anew.
    const cursors = [...all].filter((w) => !w.stale).map((w) => w.cursor)
    if (cursors.length) topics.push([topic, cursors.sort(byCursor)[0]])
  }
  return topics
}

function byCursor(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
}

function say(message: Message) {
  channel?.postMessage(message)
}

let announcing: ReturnType<typeof setTimeout> | undefined
function announce() {
  clearTimeout(announcing)
  announcing = setTimeout(() => {
    const message: Message = { kind: 'want', tab, topics: myTopics() }
    say(message)
    if (leadership.leading) hear(message)
  }, 20)
}

const leadership = new Leadership(tab, {
  say,
  isHidden: () => document.hidden,
  now: () => performance.now(),
  later: (ms, what) => setTimeout(what, ms),
  chance: Math.random,
  changed: (leading) => (leading ? lead() : follow()),
})

function hear(message: Message) {
  if (message.kind === 'event') deliver(parseAnswer(message.text) as LiveEvent)
  else if (message.kind === 'health') setHealth(leadership.leading ? health : message.health)
  else if (message.kind === 'who') announce()
  else if (message.kind === 'bye') wants.delete(message.tab)
  else if (message.kind !== 'want') leadership.hear(message)
  else if (leadership.leading) {
    wants.set(message.tab, { topics: message.topics, seen: message.tab === tab ? Infinity : Date.now() })
    // What the stream has passed already must come once more for a tab that is behind.
    open(message.topics.some(([topic, cursor]) => byCursor(cursor, positions.get(topic) ?? cursor) < 0))
  }
}

function deliver(event: LiveEvent) {
  for (const entry of watches.get(event.topic) ?? []) {
    // A tab that nobody sees keeps nothing: it asks anew when it is looked at.
    if (document.hidden) entry.stale = true
    else if (event.reload) entry.reload()
    else {
      entry.cursor = event.cursor
      entry.handler(event)
    }
  }
}

document.addEventListener('visibilitychange', () => {
  leadership.seen()
  if (document.hidden) return
  for (const all of watches.values()) {
    for (const entry of all) {
      if (!entry.stale) continue
      entry.stale = false
      entry.reload()
    }
  }
})

function setHealth(now: Health) {
  if (health === now) return
  health = now
  for (const listener of healthListeners) listener(now)
}

function tell(now: Health) {
  setHealth(now)
  say({ kind: 'health', health: now })
}

/** All that any tab watches. */
function union(): Map<string, string> {
  const all = new Map<string, string>()
  for (const { topics } of wants.values()) {
    for (const [topic, cursor] of topics) {
      const known = all.get(topic)
      if (known === undefined || byCursor(cursor, known) < 0) all.set(topic, cursor)
    }
  }
  return all
}

function open(again = false) {
  const topics = union()
  const names = [...topics.keys()].sort().join(' ')
  if (stream && names === streamTopics && !again) return
  stream?.close()
  stream = null
  streamTopics = names
  clearTimeout(reopening)
  positions.clear()
  if (!topics.size) return tell('live')
  const query = [...topics].map(([topic, cursor]) => 'topic=' + encodeURIComponent(`${topic}@${cursor}`)).join('&')
  stream = new EventSource(apiAddress(['events']) + '?' + query + '&browser=' + browser)
  stream.onopen = () => tell('live')
  stream.onerror = () => {
    tell('connecting')
    // The browser tries the old address again, with cursors of long ago: rather ask from where we are.
    stream?.close()
    clearTimeout(reopening)
    reopening = setTimeout(() => void reopen(), 1000)
  }
  for (const kind of ['runs', 'run']) stream.addEventListener(kind, received)
}

function received(message: MessageEvent<string>) {
  const event = parseAnswer(message.data) as LiveEvent
  positions.set(event.topic, event.cursor)
  for (const { topics } of wants.values()) {
    for (const known of topics) if (known[0] === event.topic) known[1] = event.cursor
  }
  deliver(event)
  say({ kind: 'event', text: message.data })
}

/** Not where the session is over: a stream does not say why it ended. */
async function reopen() {
  await get(['status']).catch(() => {})
  if (leadership.leading && !session.missing) open(true)
}

function lead() {
  wants.set(tab, { topics: myTopics(), seen: Infinity })
  say({ kind: 'who' })
  open()
}

function follow() {
  stream?.close()
  stream = null
  streamTopics = ''
  clearTimeout(reopening)
  wants.clear()
}

// Tabs that ended without a word are forgotten.
setInterval(() => {
  if (!leadership.leading) return
  for (const [other, { seen }] of wants) if (Date.now() - seen > 150_000) wants.delete(other)
  say({ kind: 'who' })
}, 60_000)

if (channel) channel.onmessage = (message: MessageEvent<Message>) => hear(message.data)
leadership.ask()
setInterval(() => {
  leadership.tick()
  // Once more, for a tab that led before and wakes says that its stream is gone, and all would believe it.
  if (leadership.leading) say({ kind: 'health', health })
}, 1000)

// A page that sleeps keeps its stream open, and nobody hears what comes.
function leave() {
  say({ kind: 'bye', tab })
  leadership.leave()
}
function come() {
  leadership.ask()
  announce()
}
window.addEventListener('pagehide', leave)
document.addEventListener('freeze', leave)
document.addEventListener('resume', come)
window.addEventListener('pageshow', (event) => event.persisted && come())
