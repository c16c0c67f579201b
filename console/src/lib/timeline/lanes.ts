// The timeline's lanes, one a step: which tasks they hold, and where they stand.
import type { Tasks } from '../columns'

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
}

/** A lane as it is looked at: which rows of it, how high. */
export interface Rows {
  open: boolean
  first: number // the row at its upper edge, which may be a fraction
  rowHeight: number
}

export interface Place extends Rows {
  top: number // of its name
  begin: number // of its rows
  height: number // of its rows
}

export type Placed<Of extends Lane = Lane> = Place & { lane: Of }

/** In the order of their first tasks. */
export function lanesOf(table: Tasks): Lane[] {
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
  return order.map((step) => ({ step, name: table.steps[step], tasks: tasks[step], failed: failed[step] }))
}

/** The height at which a lane's rows all have room, or as much of it as a lane may take. */
function fitting(lane: Lane): number {
  return Math.min(ROW, MOST / Math.max(1, lane.tasks.length))
}

/** One below the other from `top` on. What was chosen for a lane holds as far as it makes sense. */
export function place<Of extends Lane>(lanes: Of[], chosen: Map<string, Partial<Rows>>, openUnasked: boolean, top: number): Placed<Of>[] {
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
