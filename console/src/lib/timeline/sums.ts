// What many tasks come to, so that a picture of a hundred thousand looks at few of them.
import type { Tasks } from '../columns'
import { lanesOf, type Lane } from './lanes'

export interface SummedLane extends Lane {
  counts: Counts
  blocks: Blocks
}

export function summedLanesOf(table: Tasks): SummedLane[] {
  return lanesOf(table).map((lane) => ({ ...lane, counts: new Counts(table, lane.tasks), blocks: new Blocks(table, lane.tasks) }))
}

/** Of some tasks, how many ran and how many waited at a time. */
export class Counts {
  private readonly ready: Float64Array
  private readonly started: Float64Array
  private readonly ended: Float64Array

  constructor(table: Tasks, tasks: Int32Array) {
    const times = (of: ArrayLike<number>) => {
      const known = new Float64Array(tasks.length)
      let count = 0
      // What was taken over from another run neither waited nor ran in this one.
      for (const i of tasks) if (of[i] >= 0 && !table.cloned[i]) known[count++] = of[i]
      return known.subarray(0, count).sort()
    }
    this.ready = times(table.ready)
    this.started = times(table.started)
    this.ended = times(table.ended)
  }

  /** At each of `width` times from `from` on, `step` apart; the largest of all in `most`. */
  curve(from: number, step: number, width: number): { running: Float64Array; waiting: Float64Array; most: number } {
    const running = new Float64Array(width)
    const waiting = new Float64Array(width)
    let [r, s, e, most] = [0, 0, 0, 0]
    for (let x = 0; x < width; ++x) {
      const time = from + x * step
      r = until(this.ready, time, r)
      s = until(this.started, time, s)
      e = until(this.ended, time, e)
      running[x] = Math.max(0, s - e)
      waiting[x] = Math.max(0, r - s)
      most = Math.max(most, running[x], waiting[x])
    }
    return { running, waiting, most }
  }
}

const BLOCK = 32

/** What some tasks, one behind the other, have in common where they stand on one pixel. */
export interface Common {
  ready: number // of the first that was
  begin: number // of the first that ran; Infinity: none did
  end: number // of the last that ended; Infinity: one still runs; -Infinity: none ran
  rank: number // of the state that people look for first
}

// Of several tasks on one pixel the one that people look for decides the colour.
const RANK = [1, 3, 0, 4, 2]
export const STATE_OF_RANK = [2, 0, 4, 1, 3]

/** The same of every few tasks. */
export class Blocks {
  private readonly blocks: Common[] = []

  constructor(
    private readonly table: Tasks,
    private readonly tasks: Int32Array,
  ) {
    for (let at = 0; at < tasks.length; at += BLOCK) {
      const block = none()
      for (let row = at; row < Math.min(tasks.length, at + BLOCK); ++row) this.add(block, row)
      this.blocks.push(block)
    }
  }

  /** Of the rows in [first, last). */
  common(first: number, last: number, into: Common = none()): Common {
    into.ready = into.begin = Infinity
    into.end = -Infinity
    into.rank = 0
    let row = first
    while (row < last) {
      if (row % BLOCK === 0 && row + BLOCK <= last) {
        const block = this.blocks[row / BLOCK]
        if (block.ready < into.ready) into.ready = block.ready
        if (block.begin < into.begin) into.begin = block.begin
        if (block.end > into.end) into.end = block.end
        if (block.rank > into.rank) into.rank = block.rank
        row += BLOCK
      } else this.add(into, row++)
    }
    return into
  }

  private add(to: Common, row: number) {
    const { table } = this
    const i = this.tasks[row]
    const rank = RANK[table.state[i]]
    if (rank > to.rank) to.rank = rank
    if (table.ready[i] < to.ready) to.ready = table.ready[i]
    const started = table.started[i]
    if (started < 0) return
    if (started < to.begin) to.begin = started
    const end = table.ended[i] >= 0 ? table.ended[i] : Infinity
    if (end > to.end) to.end = end
  }
}
const none = (): Common => ({ ready: Infinity, begin: Infinity, end: -Infinity, rank: 0 })

/** How many of the sorted times are at most `time`; `known` of them are, and the next is looked for from there. */
function until(times: Float64Array, time: number, known: number): number {
  let step = 1
  let low = known
  while (low + step <= times.length && times[low + step - 1] <= time) {
    low += step
    step *= 2
  }
  let high = Math.min(times.length, low + step)
  while (low < high) {
    const middle = (low + high) >> 1
    if (times[middle] <= time) low = middle + 1
    else high = middle
  }
  return low
}
