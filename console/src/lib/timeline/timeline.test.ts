import { expect, test } from 'vitest'
import { TaskTable } from '../columns'
import { AXIS, coloursOf, CURVE, draw, tickOf, tickText, type Scene } from './draw'
import { heightOf, laneAt, lanesOf, MOST, place, ROW } from './lanes'
import { Counts, STATE_OF_RANK, summedLanesOf } from './sums'

const COUNT = 100_000
const TOP = AXIS + CURVE

function bigTable(): TaskTable {
  const table = new TaskTable()
  table.add({
    event: 1,
    origin: '2026-11-26T10:00:00Z',
    steps: ['start', 'work'],
    numbers: Array(COUNT).fill(1),
    step: [
      [0, 1],
      [1, COUNT - 1],
    ],
    state: '2'.repeat(COUNT - 1) + '3',
    ready: Array(COUNT).fill(1),
    started: Array(COUNT).fill(2),
    ended: Array(COUNT).fill(5),
    attempts: [],
    cloned: [],
    earlier: [],
    more: false,
  })
  return table
}
const all = (table: TaskTable) => Int32Array.from({ length: table.size }, (_, i) => i)

/** A canvas that only notes what is asked of it. */
function recorder() {
  const calls: { fill: string; y: number }[] = []
  const context = {
    fillStyle: '', strokeStyle: '', lineWidth: 1, font: '',
    fillRect(_x: number, y: number) { calls.push({ fill: context.fillStyle, y }) },
    clearRect() {}, save() {}, restore() {}, beginPath() {}, rect() {}, clip() {}, stroke() {}, fill() { calls.push({ fill: context.fillStyle, y: Infinity }) }, moveTo() {}, lineTo() {}, fillText() {}, strokeRect() {},
  }
  return { context: context as unknown as CanvasRenderingContext2D, calls }
}
const style = { getPropertyValue: (name: string) => name } as unknown as CSSStyleDeclaration
const WIDTH = 1200
function scene(table: TaskTable, more: Partial<Scene> = {}): Scene {
  const lanes = place(summedLanesOf(table), new Map(), true, TOP)
  return { table, lanes, counts: new Counts(table, all(table)), view: { from: 0, to: table.end() * 1.02 }, width: WIDTH, height: heightOf(lanes, TOP), scrolled: 0, critical: new Set(), hover: -1, now: -1, colours: coloursOf(style), ...more }
}

test('a frame of a hundred thousand tasks draws no more than there are pixels, and shows the one that failed', () => {
  const { context, calls } = recorder()
  const all = scene(bigTable())
  draw(context, all)
  expect(calls.length).toBeLessThanOrEqual(3 * all.height + WIDTH)
  expect(calls.filter((call) => call.fill === '--failed-fill')).toHaveLength(2) // its bar, and the mark at the edge
})

test('zoomed in only the rows in view are drawn', () => {
  const { context, calls } = recorder()
  const table = bigTable()
  const lanes = place(summedLanesOf(table), new Map([['work', { rowHeight: ROW, first: 500 }]]), true, TOP)
  draw(context, scene(table, { lanes, view: { from: 500, to: 600 } }))
  expect(calls.length).toBeLessThan(WIDTH + 100)
})

test('a lane that is closed shows how many ran and that something failed, and no row', () => {
  const { context, calls } = recorder()
  const table = bigTable()
  const lanes = place(summedLanesOf(table), new Map([['work', { open: false }]]), true, TOP)
  draw(context, scene(table, { lanes }))
  const [, work] = lanes
  expect(calls.filter(({ y }) => y >= work.begin).length).toBeGreaterThan(0)
  expect(calls.filter(({ fill }) => fill === '--failed-fill')).toHaveLength(1)
  expect(work.height).toBeLessThan(MOST)
})

test('lanes are in the order of their first tasks, and a height has its task', () => {
  const lanes = lanesOf(bigTable())
  expect(lanes.map(({ name, tasks, failed }) => [name, tasks.length, failed])).toEqual([['start', 1, 0], ['work', COUNT - 1, 1]])
  const placed = place(lanes, new Map([['work', { rowHeight: 10, first: 100.5 }]]), true, TOP)
  const [, work] = placed
  expect(work.height).toBe(MOST)
  expect(laneAt(placed, work.begin)).toEqual({ lane: work, row: 100 })
  expect(laneAt(placed, work.begin + 6)?.row).toBe(101)
  expect(laneAt(placed, work.top + 1)?.row).toBe(-1)
  expect(laneAt(placed, heightOf(placed, TOP) + 1)).toBe(undefined)
})

test('what tasks on one pixel have in common is the same by blocks and one by one', () => {
  const table = bigTable()
  for (let i = 0; i < COUNT; ++i) {
    table.state[i] = (i * 7919) % 97 ? 2 : i % 5
    table.started[i] = i % 11 ? table.ready[i] + (i % 13) : -1
    table.ended[i] = table.started[i] < 0 || i % 17 === 0 ? -1 : table.started[i] + 5
  }
  const [, work] = summedLanesOf(table)
  for (const [first, last] of [[0, 1], [3, 31], [3, 500], [64, 96], [1000, 99_999], [17, 17]]) {
    const rows = [...work.tasks.subarray(first, last)]
    const begun = rows.filter((i) => table.started[i] >= 0)
    expect(work.blocks.common(first, last)).toEqual({
      ready: rows.reduce((least, i) => Math.min(least, table.ready[i]), Infinity),
      begin: begun.reduce((least, i) => Math.min(least, table.started[i]), Infinity),
      end: begun.reduce((most, i) => Math.max(most, table.ended[i] < 0 ? Infinity : table.ended[i]), -Infinity),
      rank: rows.reduce((most, i) => Math.max(most, STATE_OF_RANK.indexOf(table.state[i])), 0),
    })
  }
})

test('how many ran and waited', () => {
  const table = new TaskTable()
  table.add({
    event: 1, origin: '2026-11-26T10:00:00Z', steps: ['s'], numbers: [1, 1, 1, 1], step: [[0, 4]], state: '2212',
    ready: [0, 0, 10, 0], started: [0, 5, 0, 1], ended: [10, 10, -1, 1], attempts: [], cloned: [[3, 1]], earlier: [], more: false,
  })
  const { running, waiting, most } = new Counts(table, all(table)).curve(0, 5, 5)
  expect([...running]).toEqual([1, 2, 2, 1, 1]) // the third goes on; the fourth was taken over
  expect([...waiting]).toEqual([1, 0, 0, 0, 0])
  expect(most).toBe(2)
})

test('the axis has steps that can be added up', () => {
  expect(tickOf(1000, 10)).toBe(100)
  expect(tickOf(90_000, 4)).toBe(30_000)
  expect(tickOf(864e5 * 30, 10)).toBe(864e5 * 3)
  expect([tickText(0, 5), tickText(125, 5), tickText(130, 10), tickText(5000, 5000), tickText(65_000, 5000)]).toEqual([
    '0', '0.125 s', '0.13 s', '5 s', '1 m 5 s',
  ])
})
