// All tasks of a run in memory: typed arrays, a hundred thousand of them in four megabytes. Times are doubles: 32 bits of
// milliseconds are 24.8 days.
import type { Columns, TaskChange } from '../api/types'

export const READY = 0
export const RUNNING = 1
export const DONE = 2
export const FAILED = 3
export const CANCELLED = 4

export interface EarlierAttempt {
  attempt: number
  started: number
  ended: number
  state: number
}

/** What of a table arrives at a worker that it is sent to. */
export type Tasks = Omit<TaskTable, 'add' | 'change' | 'find' | 'end'>

export class TaskTable {
  size = 0
  steps: string[] = []
  origin = 0 // milliseconds since 1970; all times are after it, -1: not known
  event = 0
  number = new Int32Array(0)
  step = new Uint16Array(0)
  state = new Uint8Array(0)
  ready = new Float64Array(0)
  started = new Float64Array(0)
  ended = new Float64Array(0)
  attempts = new Uint16Array(0)
  cloned = new Uint8Array(0)
  earlier = new Map<number, EarlierAttempt[]>()

  add(columns: Columns) {
    this.origin = Date.parse(columns.origin)
    this.event = columns.event
    const count = columns.numbers.length
    const base = this.size
    this.reserve(base + count)
    this.size = base + count
    let number = 0
    let ready = 0
    for (let i = 0; i < count; ++i) {
      number += columns.numbers[i]
      ready += columns.ready[i]
      const at = base + i
      this.number[at] = number
      this.state[at] = columns.state.charCodeAt(i) - 48
      this.ready[at] = ready
      this.started[at] = columns.started[i] < 0 ? -1 : ready + columns.started[i]
      this.ended[at] = columns.ended[i] < 0 ? -1 : this.started[at] + columns.ended[i]
    }
    this.attempts.fill(1, base, base + count)
    for (const [i, attempts] of columns.attempts) this.attempts[base + i] = attempts
    for (const [first, many] of columns.cloned) this.cloned.fill(1, base + first, base + first + many)
    let at = base
    for (const [step, many] of columns.step) {
      this.step.fill(this.stepIndex(columns.steps[step]), at, at + many)
      at += many
    }
    for (const [task, attempt, started, ended, state] of columns.earlier) {
      const list = this.earlier.get(task) ?? []
      list.push({ attempt, started, ended, state })
      this.earlier.set(task, list)
    }
  }

  change(changes: TaskChange[]) {
    for (const [number, step, state, ready, started, ended, attempts] of changes) {
      let at = this.find(number)
      if (at < 0) {
        at = this.insert(~at)
        this.number[at] = number
        this.cloned[at] = 0
        this.step[at] = this.stepIndex(step)
      } else if (attempts > this.attempts[at] && this.ended[at] >= 0) {
        const list = this.earlier.get(number) ?? []
        list.push({ attempt: this.attempts[at] - 1, started: this.started[at], ended: this.ended[at], state: FAILED })
        this.earlier.set(number, list)
      }
      this.state[at] = state
      this.ready[at] = ready
      this.started[at] = started
      this.ended[at] = ended
      this.attempts[at] = attempts
    }
  }

  /** The place of a task, or ~(where it would be). */
  find(number: number): number {
    let low = 0
    let high = this.size
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.number[middle] < number) low = middle + 1
      else high = middle
    }
    return low < this.size && this.number[low] === number ? low : ~low
  }

  /** When the last of what is known happened. */
  end(): number {
    let end = 0
    for (let i = 0; i < this.size; ++i) {
      const time = this.ended[i] >= 0 ? this.ended[i] : this.started[i] >= 0 ? this.started[i] : this.ready[i]
      if (time > end) end = time
    }
    return end
  }

  private stepIndex(name: string): number {
    const at = this.steps.indexOf(name)
    return at >= 0 ? at : this.steps.push(name) - 1
  }

  private insert(at: number): number {
    this.reserve(this.size + 1)
    if (at < this.size) {
      for (const column of this.columns()) column.copyWithin(at + 1, at, this.size)
    }
    this.size += 1
    return at
  }

  private columns() {
    return [this.number, this.step, this.state, this.ready, this.started, this.ended, this.attempts, this.cloned]
  }

  private reserve(size: number) {
    if (size <= this.number.length) return
    const capacity = Math.max(size, this.number.length * 2, 64)
    const grown = <T extends Float64Array | Int32Array | Uint16Array | Uint8Array>(column: T, empty: T): T => {
      empty.set(column)
      return empty
    }
    this.number = grown(this.number, new Int32Array(capacity))
    this.step = grown(this.step, new Uint16Array(capacity))
    this.state = grown(this.state, new Uint8Array(capacity))
    this.ready = grown(this.ready, new Float64Array(capacity))
    this.started = grown(this.started, new Float64Array(capacity))
    this.ended = grown(this.ended, new Float64Array(capacity))
    this.attempts = grown(this.attempts, new Uint16Array(capacity))
    this.cloned = grown(this.cloned, new Uint8Array(capacity))
  }
}
