import { describe, expect, it } from 'vitest'
import { Leadership, type Note } from './leader'

/** Tabs of one browser, in a time of their own. */
class Tabs {
  now = 0
  all: { leadership: Leadership; hidden: boolean; asleep: boolean; waiting: Note[] }[] = []
  private due: { at: number; what: () => void }[] = []

  open(hidden = false) {
    const number = this.all.length
    const tab = { leadership: undefined as unknown as Leadership, hidden, asleep: false, waiting: [] as Note[] }
    tab.leadership = new Leadership(String.fromCharCode(97 + number), {
      say: (note) => this.later(1, () => this.all.forEach((other, i) => i !== number && this.tell(i, note))),
      isHidden: () => tab.hidden,
      now: () => this.now,
      later: (ms, what) => this.later(ms, () => !tab.asleep && what()),
      chance: () => ((number * 7) % 12) / 12,
      changed: () => {},
    })
    this.all.push(tab)
    tab.leadership.ask()
    return tab
  }
  private tell(i: number, note: Note) {
    const tab = this.all[i]
    if (tab.asleep) tab.waiting.push(note)
    else tab.leadership.hear(note)
  }
  private later(ms: number, what: () => void) {
    this.due.push({ at: this.now + ms, what })
  }
  pass(ms: number) {
    for (const end = this.now + ms; this.now < end; ) {
      this.now += 1
      const now = this.due.filter((d) => d.at <= this.now)
      this.due = this.due.filter((d) => d.at > this.now)
      now.forEach((d) => d.what())
      if (this.now % 1000 === 0) this.all.forEach((tab) => !tab.asleep && tab.leadership.tick())
    }
  }
  wake(tab: (typeof this.all)[0]) {
    tab.asleep = false
    tab.waiting.splice(0).forEach((note) => tab.leadership.hear(note))
  }
  leaders() {
    return this.all.filter((tab) => tab.leadership.leading && !tab.asleep)
  }
}

function twelve() {
  const tabs = new Tabs()
  for (let i = 0; i < 12; ++i) tabs.open()
  tabs.pass(2000)
  expect(tabs.leaders()).toHaveLength(1)
  return tabs
}

describe('the tab that leads', () => {
  it('is one of twelve', () => {
    const tabs = twelve()
    const leader = tabs.leaders()[0]
    tabs.pass(60_000)
    expect(tabs.leaders()).toEqual([leader])
  })

  it('hands over when it is hidden, and leads on when all are', () => {
    const tabs = twelve()
    const first = tabs.leaders()[0]
    first.hidden = true
    first.leadership.seen()
    tabs.pass(1000)
    expect(tabs.leaders()).toHaveLength(1)
    expect(tabs.leaders()[0]).not.toBe(first)
    for (const tab of tabs.all) {
      tab.hidden = true
      tab.leadership.seen()
    }
    tabs.pass(10_000)
    expect(tabs.leaders()).toHaveLength(1)
    const seen = tabs.all.find((tab) => !tab.leadership.leading)!
    seen.hidden = false
    seen.leadership.seen()
    tabs.pass(1000)
    expect(tabs.leaders()).toEqual([seen])
  })

  it('is missed when it sleeps or is gone, and steps down when it wakes', () => {
    const tabs = twelve()
    const first = tabs.leaders()[0]
    first.asleep = true
    tabs.pass(5000)
    expect(tabs.leaders()).toHaveLength(1)
    tabs.wake(first)
    tabs.pass(1000)
    expect(tabs.leaders()).toHaveLength(1)
  })

  it('says so when it leaves', () => {
    const tabs = twelve()
    const first = tabs.leaders()[0]
    first.leadership.leave()
    first.asleep = true
    tabs.pass(500)
    expect(tabs.leaders()).toHaveLength(1)
  })

  it('is found where there is one, and nothing changes', () => {
    const tabs = twelve()
    const leader = tabs.leaders()[0]
    tabs.open()
    tabs.open(true)
    tabs.pass(5000)
    expect(tabs.leaders()).toEqual([leader])
  })

  it('is a hidden one when there is no other', () => {
    const tabs = new Tabs()
    tabs.open(true)
    tabs.pass(8000)
    expect(tabs.leaders()).toHaveLength(1)
  })
})
