// Drawing the timeline: plain loops over typed arrays, no more work than there are pixels and tasks in view.
import { DONE, FAILED, READY, RUNNING, type Tasks } from '../columns'
import { durationText } from '../format'
import type { Placed } from './lanes'
import { STATE_OF_RANK, type Counts, type SummedLane } from './sums'

/** Which times are seen, in milliseconds after the run's beginning. */
export interface View {
  from: number
  to: number
}

export const AXIS = 24 // pixels above all else
export const CURVE = 56 // of the curve of how many ran and waited

type Canvas = CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D

export interface Scene {
  table: Tasks
  lanes: Placed<SummedLane>[]
  counts: Counts // of all tasks
  view: View
  width: number
  height: number
  scrolled: number // pixels of the lanes above the window
  critical: Set<number> // numbers of tasks
  hover: number // a place in the table; -1: none
  now: number // where running bars end; -1: the run is over
  colours: Colours
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

/** Names of the colours of states, by their numbers. */
export function fillNames(lost = false): string[] {
  return [lost ? '--lost-fill' : '--ready-fill', lost ? '--lost-fill' : '--running-fill', '--done-fill', '--failed-fill', '--cancelled-fill']
}

const FONT = '11px system-ui, sans-serif'

export interface Colours {
  fills: string[] // by state
  queue: string
  ink: string
  soft: string
  line: string
  ground: string
}

/** To be asked for again when the theme changes, or the run is lost. */
export function coloursOf(style: CSSStyleDeclaration, lost = false): Colours {
  const colour = (name: string) => style.getPropertyValue(name).trim()
  return {
    fills: fillNames(lost).map(colour),
    queue: colour('--queue-fill'),
    ink: colour('--text'),
    soft: colour('--soft'),
    line: colour('--line'),
    ground: colour('--panel'),
  }
}

export function draw(context: Canvas, scene: Scene) {
  const { colours, width, height } = scene
  context.fillStyle = colours.ground
  context.fillRect(0, 0, width, height)
  drawAxis(context, scene, colours)
  drawCurve(context, scene, colours)
  for (const lane of scene.lanes) {
    const top = lane.begin - scene.scrolled
    if (top + lane.height < AXIS + CURVE || top > height) continue
    context.save()
    context.beginPath()
    context.rect(0, Math.max(AXIS + CURVE, top), width, Math.min(height, top + lane.height) - Math.max(AXIS + CURVE, top))
    context.clip()
    if (!lane.open) drawClosed(context, scene, lane, top, colours)
    else if (lane.rowHeight < 2) drawDense(context, scene, lane, top, colours)
    else drawRows(context, scene, lane, top, colours)
    context.restore()
  }
}

/** How many tasks ran and how many waited, each pixel at its time. */
function drawCurve(context: Canvas, { counts, view, width, now }: Scene, colours: Colours) {
  const step = (view.to - view.from) / width
  const { running, waiting, most } = counts.curve(view.from, step, Math.ceil(width))
  const base = AXIS + CURVE - 6
  const scale = (CURVE - 18) / Math.max(1, most)
  const last = now >= 0 ? Math.min(running.length, Math.ceil((now - view.from) / step)) : running.length
  context.fillStyle = colours.fills[RUNNING]
  fillBelow(context, running, last, base, scale)
  context.strokeStyle = colours.fills[READY]
  context.lineWidth = 1.5
  context.beginPath()
  for (let x = 0; x < last; ++x) context.lineTo(x, base - waiting[x] * scale)
  context.stroke()
  context.fillStyle = colours.soft
  if (most) context.fillText(`at most ${most} at once`, 3, AXIS + 10)
  context.strokeStyle = colours.line
  context.lineWidth = 1
  context.beginPath()
  context.moveTo(0, base + 0.5)
  context.lineTo(width, base + 0.5)
  context.stroke()
}

/** One shape, for a call for each pixel would take longer than all else. */
function fillBelow(context: Canvas, values: Float64Array, last: number, base: number, scale: number) {
  context.beginPath()
  context.moveTo(0, base)
  for (let x = 0; x < last; ++x) {
    const y = Math.round(base - values[x] * scale)
    context.lineTo(x, y)
    context.lineTo(x + 1, y)
  }
  context.lineTo(last, base)
  context.fill()
}

/** A lane that is closed: how many of its tasks ran, as high as it was at most; failures at the edge below. */
function drawClosed(context: Canvas, { table, view, width, now }: Scene, lane: Placed<SummedLane>, top: number, colours: Colours) {
  const step = (view.to - view.from) / width
  const { running, most } = lane.lane.counts.curve(view.from, step, Math.ceil(width))
  const last = now >= 0 ? Math.min(running.length, Math.ceil((now - view.from) / step)) : running.length
  const scale = (lane.height - 3) / Math.max(1, most)
  context.fillStyle = colours.fills[DONE]
  fillBelow(context, running, last, top + lane.height - 3, scale)
  if (!lane.lane.failed) return
  context.fillStyle = colours.fills[FAILED]
  let at = -1
  for (const i of lane.lane.tasks) {
    if (table.state[i] !== FAILED) continue
    const x = Math.floor((table.ended[i] - view.from) / step)
    if (x === at || x < 0 || x >= width) continue
    at = x
    context.fillRect(x, top + lane.height - 3, 2, 3)
  }
}

function drawAxis(context: Canvas, { view, width, height }: Scene, { line, soft }: Colours) {
  const tick = tickOf(view.to - view.from, Math.max(2, width / 90))
  const scale = width / (view.to - view.from)
  context.font = FONT
  context.fillStyle = soft
  context.strokeStyle = line
  context.lineWidth = 1
  context.beginPath()
  for (let time = Math.max(0, Math.ceil(view.from / tick) * tick); time <= view.to; time += tick) {
    const x = Math.round((time - view.from) * scale) + 0.5
    context.moveTo(x, AXIS - 4)
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
function drawRows(context: Canvas, scene: Scene, lane: Placed<SummedLane>, top: number, { fills, queue, ink }: Colours) {
  const { table, view, width, height, critical, hover, now } = scene
  const scale = width / (view.to - view.from)
  const x = (time: number) => (time - view.from) * scale
  const bar = Math.max(1, lane.rowHeight - (lane.rowHeight > 5 ? 2 : 0.5))
  const firstSeen = Math.max(0, Math.floor(lane.first + Math.max(0, AXIS + CURVE - top) / lane.rowHeight))
  const last = Math.min(lane.lane.tasks.length, Math.ceil(lane.first + Math.min(lane.height, height - top) / lane.rowHeight))
  context.lineWidth = 1.5
  context.font = FONT
  for (let row = firstSeen; row < last; ++row) {
    const i = lane.lane.tasks[row]
    const y = top + (row - lane.first) * lane.rowHeight
    const begin = table.started[i] >= 0 ? table.started[i] : Math.max(now, table.ready[i])
    context.fillStyle = queue
    context.fillRect(x(table.ready[i]), y, Math.max(0, x(begin) - x(table.ready[i])), bar)
    const earlier = table.earlier.get(table.number[i])
    if (earlier) drawEarlier(context, earlier, x, y, bar, fills)
    let left = x(begin)
    let length = 0
    if (table.started[i] >= 0) {
      length = Math.max(1.5, x(endOf(scene, i)) - left)
      context.fillStyle = fills[table.state[i]]
      context.fillRect(left, y, length, bar)
      if (lane.rowHeight >= 12) {
        const name = String(table.number[i])
        const room = name.length * 7
        context.fillStyle = ink
        if (left + length + 6 + room < width) context.fillText(name, left + length + 6, y + lane.rowHeight - 5)
        else if (left - 6 - room > 0) context.fillText(name, left - 6 - room, y + lane.rowHeight - 5)
      }
    } else {
      left = x(table.ready[i])
      length = Math.max(4, x(begin) - left)
    }
    if (i === hover || critical.has(table.number[i])) {
      context.strokeStyle = ink
      context.strokeRect(left - 0.5, y - 0.5, length + 1, bar + 1)
    }
  }
}

function drawEarlier(context: Canvas, attempts: { started: number; ended: number; state: number }[], x: (t: number) => number, y: number, bar: number, fills: string[]) {
  for (const attempt of attempts) {
    const left = x(attempt.started)
    const right = Math.max(left + 1.5, x(attempt.ended))
    context.fillStyle = fills[attempt.state]
    for (let at = left; at < right; at += 4) context.fillRect(at, y, Math.min(2, right - at), bar)
  }
}

/** Thinner rows: a pixel stands for some tasks, from the first that was ready to the last that ended. */
function drawDense(context: Canvas, scene: Scene, lane: Placed<SummedLane>, top: number, { fills, queue, ink }: Colours) {
  const { table, view, width, height, hover, now } = scene
  const { tasks } = lane.lane
  const scale = width / (view.to - view.from)
  const perPixel = 1 / lane.rowHeight
  const end = Math.min(lane.height, height - top)
  const hoverRow = hover < 0 || table.step[hover] !== lane.lane.step ? -1 : tasks.indexOf(hover)
  const common = lane.lane.blocks.common(0, 0)
  for (let y = Math.max(0, AXIS + CURVE - top); y < end; ++y) {
    const first = Math.max(0, Math.floor(lane.first + y * perPixel))
    const last = Math.min(tasks.length, Math.max(first + 1, Math.floor(lane.first + (y + 1) * perPixel)))
    if (first >= tasks.length) break
    const { ready, end: ended, rank } = lane.lane.blocks.common(first, last, common)
    // A failure among many is thinner than a hair: the edge points it out.
    if (STATE_OF_RANK[rank] === FAILED) {
      context.fillStyle = fills[FAILED]
      context.fillRect(0, top + y, 8, 1)
    }
    const from = (ready - view.from) * scale
    const begin = common.begin === Infinity ? Math.max(now, ready) : common.begin
    context.fillStyle = queue
    context.fillRect(from, top + y, Math.max(0, (begin - view.from) * scale - from), 1)
    if (ended >= begin) {
      context.fillStyle = fills[STATE_OF_RANK[rank]]
      context.fillRect((begin - view.from) * scale, top + y, Math.max(1, ((ended === Infinity ? Math.max(now, begin) : ended) - begin) * scale), 1)
    }
    if (hoverRow >= first && hoverRow < last) {
      context.fillStyle = ink
      context.fillRect(Math.max(0, from - 10), top + y - 1, 8, 3)
    }
  }
}
