// The timeline's lanes, one a step: which tasks they hold, where they stand, and how many tasks ran and waited when.
import type { TaskTable } from './columns'

export const LABEL = 24 // pixels of a lane's name
export const CLOSED = 18 // of a lane that is closed: only how many ran
export const MOST = 240 // of one that is open
export const ROW = 18 // of a task with room for its name
const GAP = 8

export interface Lane {
  step: number
  name: string
  tasks: Int32Array // their places in the table, in the order of their numbers
  failed: number
  counts: Counts
  blocks: Blocks
}

/** A lane as it is looked at: which rows of it, how high. */
export interface Rows {
  open: boolean
  first: number // the row at its upper edge, which may be a fraction
  rowHeight: number
}

export interface Placed extends Rows {
  lane: Lane
  top: number // of its name
  begin: number // of its rows
  height: number // of its rows
}

/** Of some tasks, how many ran and how many waited at a time. */
export class Counts {
  private readonly ready: Float64Array
  private readonly started: Float64Array
  private readonly ended: Float64Array

  constructor(table: TaskTable, tasks: Int32Array) {
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

/** The same of every few tasks, so that a frame looks at few of a hundred thousand. */
export class Blocks {
  private readonly blocks: Common[] = []

  constructor(
    private readonly table: TaskTable,
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

/** In the order of their first tasks. */
export function lanesOf(table: TaskTable): Lane[] {
  const sizes = new Int32Array(table.steps.length)
  for (let i = 0; i < table.size; ++i) ++sizes[table.step[i]]
  const tasks = [...sizes].map((size) => new Int32Array(size))
  const failed = new Int32Array(table.steps.length)
  const order: number[] = []
  sizes.fill(0)
  for (let i = 0; i < table.size; ++i) {
    const step = table.step[i]
    if (!sizes[step]) order.push(step)
    tasks[step][sizes[step]++] = i
    if (table.state[i] === 3) ++failed[step]
  }
  return order.map((step) => ({ step, name: table.steps[step], tasks: tasks[step], failed: failed[step], counts: new Counts(table, tasks[step]), blocks: new Blocks(table, tasks[step]) }))
}

/** The height at which a lane's rows all have room, or as much of it as a lane may take. */
function fitting(lane: Lane): number {
  return Math.min(ROW, MOST / Math.max(1, lane.tasks.length))
}

/** One below the other from `top` on. What was chosen for a lane holds as far as it makes sense. */
export function place(lanes: Lane[], chosen: Map<string, Partial<Rows>>, openUnasked: boolean, top: number): Placed[] {
  let y = top
  return lanes.map((lane) => {
    const choice = chosen.get(lane.name) ?? {}
    const open = choice.open ?? openUnasked
    const rowHeight = Math.min(ROW, Math.max(fitting(lane), choice.rowHeight ?? 0))
    const height = open ? Math.min(MOST, Math.max(ROW, rowHeight * lane.tasks.length)) : CLOSED
    const first = Math.max(0, Math.min(choice.first ?? 0, lane.tasks.length - height / rowHeight))
    const placed = { lane, open, rowHeight, first, top: y, begin: y + LABEL, height }
    y += LABEL + height + GAP
    return placed
  })
}

export function heightOf(placed: Placed[], top: number): number {
  const last = placed[placed.length - 1]
  return last ? last.begin + last.height + GAP : top + ROW
}

/** Which lane, and which row of it, is at a height; row -1: its name, or none because it is closed. */
export function laneAt(placed: Placed[], y: number): { lane: Placed; row: number } | undefined {
  for (const lane of placed) {
    if (y < lane.top || y >= lane.begin + lane.height) continue
    const row = lane.open && y >= lane.begin ? Math.floor(lane.first + (y - lane.begin) / lane.rowHeight) : -1
    return { lane, row: row < lane.lane.tasks.length ? row : -1 }
  }
  return undefined
}
