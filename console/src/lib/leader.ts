// Which tab of a browser holds the stream for all: the one whose heartbeats the others hear. A tab that nobody sees
// hands over, one that is gone or asleep is missed, and of two that lead one steps down.
export type Note =
  | { kind: 'beat'; tab: string; hidden: boolean } // "I lead"
  | { kind: 'ask' } // "who leads?"
  | { kind: 'left' } // "I do not lead any more"

export interface Surroundings {
  say: (note: Note) => void // to all other tabs
  isHidden: () => boolean
  now: () => number // ms
  later: (ms: number, what: () => void) => void
  chance: () => number // [0, 1)
  changed: (leading: boolean) => void
}

const ANSWER = 300 // how long the answer to a question may take
const PATIENCE = 3000 // how long no beat of a leader may be heard …
const HIDDEN_PATIENCE = 6000 // … by a tab that nobody sees: first those that are seen

export class Leadership {
  leading = false
  private heard = -Infinity
  private heardHidden = false
  private claiming = false

  constructor(
    private readonly tab: string,
    private readonly around: Surroundings,
  ) {}

  /** At the beginning, and after a sleep. */
  ask() {
    this.heard = -Infinity // whoever leads answers at once
    this.around.say({ kind: 'ask' })
    this.claimSoon(ANSWER)
  }

  /** Once a second. */
  tick() {
    if (this.leading) this.beat()
    else if (this.isMissed(this.around.isHidden() ? HIDDEN_PATIENCE : PATIENCE)) this.claimSoon()
  }

  hear(note: Note) {
    if (note.kind === 'ask') {
      if (this.leading) this.beat()
    } else if (note.kind === 'left') {
      this.heard = -Infinity
      this.claimSoon()
    } else {
      if (this.leading && !this.yieldsTo(note)) return this.beat()
      this.heard = this.around.now()
      this.heardHidden = note.hidden
      if (this.leading) this.set(false)
      if (this.isCalled()) this.claimSoon()
    }
  }

  /** The tab came to be seen, or no more. */
  seen() {
    if (this.leading) this.beat()
    else if (this.isCalled()) this.claimSoon()
  }

  /** The tab goes, or falls asleep. */
  leave() {
    if (!this.leading) return
    this.set(false)
    this.around.say({ kind: 'left' })
  }

  private isMissed(patience: number): boolean {
    return this.around.now() - this.heard >= patience
  }

  /** The leader is hidden and this tab is not. */
  private isCalled(): boolean {
    return this.heardHidden && !this.around.isHidden()
  }

  private yieldsTo(other: { tab: string; hidden: boolean }): boolean {
    const hidden = this.around.isHidden()
    return other.hidden === hidden ? other.tab < this.tab : hidden
  }

  /** After a moment of its own, so that mostly one does, and the others hear of it. */
  private claimSoon(least = 0) {
    if (this.leading || this.claiming) return
    this.claiming = true
    this.around.later(least + this.around.chance() * 250, () => {
      this.claiming = false
      if (!this.leading && (this.isMissed(PATIENCE) || this.isCalled())) this.set(true)
    })
  }

  private set(leading: boolean) {
    this.leading = leading
    if (leading) this.beat()
    this.around.changed(leading)
  }

  private beat() {
    this.around.say({ kind: 'beat', tab: this.tab, hidden: this.around.isHidden() })
  }
}
