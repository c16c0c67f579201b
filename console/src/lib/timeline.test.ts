import { expect, test } from 'vitest'
import { TaskTable } from './columns'
import { draw, rowAt, tickOf, tickText } from './timeline'

const COUNT = 100_000

function bigTable(): TaskTable {
  const table = new TaskTable()
  table.add({
    event: 1,
    origin: '2026-11-26T10:00:00Z',
    steps: ['work'],
    numbers: Array(COUNT).fill(1),
    step: [[0, COUNT]],
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

/** A canvas that only notes what is asked of it. */
function recorder() {
  const calls: { fill: string; y: number }[] = []
  const context = {
    fillStyle: '', strokeStyle: '', lineWidth: 1, font: '',
    fillRect(_x: number, y: number) { calls.push({ fill: context.fillStyle, y }) },
    clearRect() {}, save() {}, restore() {}, beginPath() {}, rect() {}, clip() {}, stroke() {}, moveTo() {}, lineTo() {}, fillText() {}, strokeRect() {},
  }
  return { context: context as unknown as CanvasRenderingContext2D, calls }
}
const style = { getPropertyValue: (name: string) => name } as unknown as CSSStyleDeclaration

test('a frame of a hundred thousand tasks draws no more than there are pixels, and shows the one that failed', () => {
  const { context, calls } = recorder()
  const height = 440
  const table = bigTable()
  const view = { from: 0, to: table.end(), first: 0, rowHeight: (height - 24) / COUNT }
  draw(context, { table, view, width: 1200, height, axis: 24, critical: new Set(), hover: -1, now: -1, style })
  expect(calls.length).toBeLessThanOrEqual(3 * height)
  expect(calls.filter((call) => call.fill === '--failed-fill')).toHaveLength(2) // its bar, and the mark at the edge
})

test('zoomed in only the rows in view are drawn', () => {
  const { context, calls } = recorder()
  draw(context, { table: bigTable(), view: { from: 0, to: 100, first: 500, rowHeight: 18 }, width: 1200, height: 440, axis: 24, critical: new Set(), hover: -1, now: -1, style })
  expect(calls.length).toBeLessThan(60)
})

test('rows and heights', () => {
  const view = { from: 0, to: 1, first: 10.5, rowHeight: 10 }
  expect(rowAt(view, 24, 24, 100)).toBe(10)
  expect(rowAt(view, 30, 24, 100)).toBe(11)
  expect(rowAt(view, 10, 24, 100)).toBe(-1)
  expect(rowAt(view, 2000, 24, 100)).toBe(-1)
})

test('the axis has steps that can be added up', () => {
  expect(tickOf(1000, 10)).toBe(100)
  expect(tickOf(90_000, 4)).toBe(30_000)
  expect(tickOf(864e5 * 30, 10)).toBe(864e5 * 3)
  expect([tickText(0, 5), tickText(125, 5), tickText(130, 10), tickText(5000, 5000), tickText(65_000, 5000)]).toEqual([
    '0', '0.125 s', '0.13 s', '5 s', '1 m 5 s',
  ])
})
