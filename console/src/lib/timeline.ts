// Drawing the timeline: plain loops over typed arrays, no more work than there are pixels and tasks in view.
import { CANCELLED, DONE, FAILED, READY, RUNNING, type TaskTable } from './columns'
import { durationText } from './format'

/** What is seen: times in milliseconds after the run's beginning, rows from `first` (which may be a fraction). */
export interface View {
  from: number
  to: number
  first: number
  rowHeight: number
}

interface Scene {
  table: TaskTable
  view: View
  width: number
  height: number
  axis: number // height of the axis above the rows
  critical: Set<number> // numbers of tasks
  hover: number // an index; -1: none
  now: number // where running bars end; -1: the run is over
  style: CSSStyleDeclaration
}

/** The index of the task at a height; -1: none. */
export function rowAt(view: View, y: number, axis: number, size: number): number {
  if (y < axis) return -1
  const row = Math.floor(view.first + (y - axis) / view.rowHeight)
  return row >= 0 && row < size ? row : -1
}

/** Steps of the axis that people can add up: 1, 2 or 5 times a power of ten, or minutes and hours. */
export function tickOf(span: number, most: number): number {
  const least = span / Math.max(1, most)
  const nice = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 3e4, 6e4, 12e4, 3e5, 6e5, 18e5, 36e5, 72e5, 216e5, 432e5, 864e5]
  const found = nice.find((tick) => tick >= least)
  return found ?? Math.ceil(least / 864e5) * 864e5
}

/** What stands at a time of the axis, as exact as its steps are. */
export function tickText(time: number, tick: number): string {
  if (time === 0) return '0'
  if (tick < 10) return `${(time / 1000).toFixed(3)} s`
  if (tick < 1000) return `${(time / 1000).toFixed(2)} s`
  return time < 10_000 ? `${Math.round(time / 1000)} s` : durationText(time / 1000)
}

// Of several tasks on one pixel the one that people look for decides the colour.
const RANK = [1, 3, 0, 4, 2]
const BY_RANK = [DONE, READY, CANCELLED, RUNNING, FAILED]

export function draw(context: CanvasRenderingContext2D, scene: Scene) {
  const { style, width, height } = scene
  const colour = (name: string) => style.getPropertyValue(name).trim()
  context.clearRect(0, 0, width, height)
  drawAxis(context, scene, colour('--line'), colour('--soft'))
  context.save()
  context.beginPath()
  context.rect(0, scene.axis, width, height - scene.axis)
  context.clip()
  const fills = ['--ready-fill', '--running-fill', '--done-fill', '--failed-fill', '--cancelled-fill'].map(colour)
  if (scene.view.rowHeight < 2) drawDense(context, scene, fills, colour('--queue-fill'))
  else drawRows(context, scene, fills, colour('--queue-fill'), colour('--text'))
  context.restore()
}

function drawAxis(context: CanvasRenderingContext2D, { view, width, height, axis }: Scene, line: string, text: string) {
  const tick = tickOf(view.to - view.from, Math.max(2, width / 90))
  const scale = width / (view.to - view.from)
  context.font = '11px system-ui, sans-serif'
  context.fillStyle = text
  context.strokeStyle = line
  context.lineWidth = 1
  context.beginPath()
  for (let time = Math.max(0, Math.ceil(view.from / tick) * tick); time <= view.to; time += tick) {
    const x = Math.round((time - view.from) * scale) + 0.5
    context.moveTo(x, axis - 4)
    context.lineTo(x, height)
    context.fillText(tickText(time, tick), x + 3, 14)
  }
  context.stroke()
}

function endOf({ table, now }: Scene, i: number): number {
  if (table.ended[i] >= 0) return table.ended[i]
  return Math.max(now, table.started[i])
}

/** Rows of two pixels and more: each task for itself, with its earlier attempts. */
function drawRows(context: CanvasRenderingContext2D, scene: Scene, fills: string[], queue: string, ink: string) {
  const { table, view, width, height, axis, critical, hover, now } = scene
  const scale = width / (view.to - view.from)
  const x = (time: number) => (time - view.from) * scale
  const bar = Math.max(1, view.rowHeight - (view.rowHeight > 5 ? 2 : 0.5))
  const last = Math.min(table.size, Math.ceil(view.first + (height - axis) / view.rowHeight))
  context.lineWidth = 1.5
  context.font = '11px system-ui, sans-serif'
  for (let i = Math.max(0, Math.floor(view.first)); i < last; ++i) {
    const y = axis + (i - view.first) * view.rowHeight
    const begin = table.started[i] >= 0 ? table.started[i] : Math.max(now, table.ready[i])
    context.fillStyle = queue
    context.fillRect(x(table.ready[i]), y, Math.max(0, x(begin) - x(table.ready[i])), bar)
    const earlier = table.earlier.get(table.number[i])
    if (earlier) drawEarlier(context, earlier, x, y, bar, fills)
    if (table.started[i] < 0) continue
    const left = x(begin)
    const length = Math.max(1.5, x(endOf(scene, i)) - left)
    context.fillStyle = fills[table.state[i]]
    context.fillRect(left, y, length, bar)
    if (view.rowHeight >= 12) {
      const name = `${table.steps[table.step[i]]}/${table.number[i]}`
      const room = name.length * 7
      context.fillStyle = ink
      if (left + length + 6 + room < width) context.fillText(name, left + length + 6, y + view.rowHeight - 5)
      else if (left - 6 - room > 0) context.fillText(name, left - 6 - room, y + view.rowHeight - 5)
    }
    if (i === hover || critical.has(table.number[i])) {
      context.strokeStyle = ink
      context.strokeRect(left - 0.5, y - 0.5, length + 1, bar + 1)
    }
  }
}

function drawEarlier(context: CanvasRenderingContext2D, attempts: { started: number; ended: number; state: number }[], x: (t: number) => number, y: number, bar: number, fills: string[]) {
  for (const attempt of attempts) {
    const left = x(attempt.started)
    const right = Math.max(left + 1.5, x(attempt.ended))
    context.fillStyle = fills[attempt.state]
    for (let at = left; at < right; at += 4) context.fillRect(at, y, Math.min(2, right - at), bar)
  }
}

/** Thinner rows: a pixel stands for some tasks, from the first that was ready to the last that ended. */
function drawDense(context: CanvasRenderingContext2D, scene: Scene, fills: string[], queue: string) {
  const { table, view, width, height, axis, now } = scene
  const scale = width / (view.to - view.from)
  const perPixel = 1 / view.rowHeight
  for (let y = axis; y < height; ++y) {
    const first = Math.floor(view.first + (y - axis) * perPixel)
    const last = Math.min(table.size, Math.max(first + 1, Math.floor(view.first + (y - axis + 1) * perPixel)))
    if (first >= table.size) break
    let ready = Infinity
    let begin = Infinity
    let end = -Infinity
    let rank = 0
    for (let i = Math.max(0, first); i < last; ++i) {
      const state = table.state[i]
      if (RANK[state] > rank) rank = RANK[state]
      if (table.ready[i] < ready) ready = table.ready[i]
      const started = table.started[i]
      if (started < 0) continue
      if (started < begin) begin = started
      const ended = table.ended[i] >= 0 ? table.ended[i] : now
      if (ended > end) end = ended
    }
    // A failure among many is thinner than a hair: the edge points it out.
    if (BY_RANK[rank] === FAILED) {
      context.fillStyle = fills[FAILED]
      context.fillRect(0, y, 8, 1)
    }
    const from = (ready - view.from) * scale
    if (begin === Infinity) begin = Math.max(now, ready)
    context.fillStyle = queue
    context.fillRect(from, y, Math.max(0, (begin - view.from) * scale - from), 1)
    if (end < begin) continue
    context.fillStyle = fills[BY_RANK[rank]]
    context.fillRect((begin - view.from) * scale, y, Math.max(1, (end - begin) * scale), 1)
  }
}
