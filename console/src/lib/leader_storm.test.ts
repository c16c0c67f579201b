// Twelve tabs in a storm: messages and timers that come late, tabs that fall asleep and wake with all that waited for
// them. However it went, soon after it is over one tab leads and holds the one stream that the server keeps.
import { expect, test } from 'vitest'
import { Leadership, type Note } from './leader'

/** Numbers in [0, 1), the same for a seed. */
function randomFrom(seed: number) {
  return () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) | 0
    return (seed >>> 0) / 2 ** 32
  }
}

class Tab {
  hidden = false
  asleep = false
  waiting: (() => void)[] = []
  stream: number | undefined // of the server's
  leadership: Leadership

  constructor(
    readonly name: string,
    private readonly storm: Storm,
  ) {
    this.leadership = new Leadership(name, {
      say: (note) => storm.tell(this, note),
      isHidden: () => this.hidden,
      now: () => storm.now,
      later: (ms, what) => storm.later(ms, () => this.run(what)),
      chance: storm.random,
      changed: (leading) => (leading ? this.open() : (this.stream = undefined)),
    })
  }
  /** Now, or when it is awake. */
  run(what: () => void) {
    if (this.asleep) this.waiting.push(what)
    else what()
  }
  wake() {
    this.asleep = false
    for (const what of this.waiting.splice(0)) what()
  }
  /** As api/live.ts does: what ends is asked for again after a second, for as long as this tab leads. */
  private open() {
    this.stream = this.storm.openStream((ended) => {
      this.run(() => {
        if (this.stream !== ended) return
        this.stream = undefined
        this.storm.later(1000, () => this.run(() => this.leadership.leading && this.stream === undefined && this.open()))
      })
    })
  }
}

class Storm {
  now = 0
  calm = false
  kept: number | undefined // the one stream that the server has not ended
  readonly tabs: Tab[]
  private streams = 0
  private ended: (stream: number) => void = () => {}
  private due: { at: number; what: () => void }[] = []

  constructor(readonly random: () => number) {
    this.tabs = Array.from({ length: 12 }, (_, i) => new Tab(String.fromCharCode(97 + i), this))
    for (const tab of this.tabs) tab.leadership.ask()
  }
  tell(from: Tab, note: Note) {
    for (const tab of this.tabs) if (tab !== from) this.later(1, () => tab.run(() => tab.leadership.hear(note)))
  }
  later(ms: number, what: () => void) {
    this.due.push({ at: this.now + ms + (this.calm ? 0 : this.random() * 500), what })
  }
  /** The server gets to know of it later, and then ends the one before. */
  openStream(ended: (stream: number) => void): number {
    const stream = ++this.streams
    this.later(5, () => {
      const [before, tell] = [this.kept, this.ended]
      if (before !== undefined) this.later(5, () => tell(before))
      this.kept = stream
      this.ended = ended
    })
    return stream
  }
  pass(ms: number) {
    for (const end = this.now + ms; this.now < end; this.now += 10) {
      const now = this.due.filter((d) => d.at <= this.now)
      this.due = this.due.filter((d) => d.at > this.now)
      now.forEach((d) => d.what())
      if (this.now % 1000 === 0) for (const tab of this.tabs) if (!tab.asleep) tab.leadership.tick()
      if (!this.calm && this.random() < 0.005) this.disturb(this.tabs[Math.floor(this.random() * 12)])
    }
  }
  private disturb(tab: Tab) {
    if (tab.asleep) return tab.wake()
    if (this.random() < 0.5) tab.asleep = true
    else {
      tab.hidden = !tab.hidden
      tab.leadership.seen()
    }
  }
}

test.each([...Array(60).keys()])('after storm %i one tab leads, and holds the stream', (seed) => {
  const storm = new Storm(randomFrom(seed + 1))
  storm.pass(30_000)
  storm.calm = true
  for (const tab of storm.tabs) tab.wake()
  storm.pass(10_000)
  const leaders = storm.tabs.filter((tab) => tab.leadership.leading)
  expect(leaders).toHaveLength(1)
  expect(leaders[0].stream).toBe(storm.kept)
})
