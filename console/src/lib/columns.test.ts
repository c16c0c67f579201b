import { expect, test } from 'vitest'
import type { Columns } from '../api/types'
import { DONE, FAILED, RUNNING, TaskTable } from './columns'

const columns: Columns = {
  event: 9,
  origin: '2026-11-26T10:00:00Z',
  steps: ['start', 'work'],
  numbers: [1, 1, 2],
  step: [
    [0, 1],
    [1, 2],
  ],
  state: '231',
  ready: [0, 10, 5],
  started: [1, 2, 3],
  ended: [4, 6, -1],
  attempts: [[1, 3]],
  cloned: [[0, 1]],
  earlier: [[2, 0, 1, 2, 3]],
  more: false,
}

test('differences become times', () => {
  const table = new TaskTable()
  table.add(columns)
  expect([...table.number.slice(0, 3)]).toEqual([1, 2, 4])
  expect([...table.step.slice(0, 3)]).toEqual([0, 1, 1])
  expect([...table.state.slice(0, 3)]).toEqual([DONE, FAILED, RUNNING])
  expect([...table.started.slice(0, 3)]).toEqual([1, 12, 18])
  expect([...table.ended.slice(0, 3)]).toEqual([5, 18, -1])
  expect([...table.attempts.slice(0, 3)]).toEqual([1, 3, 1])
  expect(table.cloned[0]).toBe(1)
  expect(table.earlier.get(2)).toHaveLength(1)
  expect(table.end()).toBe(18)
})

test('changes update, insert and append', () => {
  const table = new TaskTable()
  table.add(columns)
  table.change([
    [4, 'work', DONE, 15, 18, 30, 1, -1],
    [3, 'work', RUNNING, 15, 16, -1, 1, -1],
    [5, 'end', RUNNING, 31, 32, -1, 1, -1],
  ])
  expect([...table.number.slice(0, 5)]).toEqual([1, 2, 3, 4, 5])
  expect([...table.state.slice(0, 5)]).toEqual([DONE, FAILED, RUNNING, DONE, RUNNING])
  expect(table.steps).toEqual(['start', 'work', 'end'])
  expect(table.find(6)).toBe(~5)
})

test('the attempt before a retry is kept', () => {
  const table = new TaskTable()
  table.add(columns)
  table.change([[1, 'start', RUNNING, 20, 21, -1, 2, -1]])
  expect(table.earlier.get(1)).toEqual([{ attempt: 0, started: 1, ended: 5, state: FAILED }])
})

test('a hundred thousand tasks take a few megabytes', () => {
  const count = 100_000
  const table = new TaskTable()
  table.add({
    ...columns,
    numbers: Array(count).fill(1),
    step: [[0, count]],
    state: '2'.repeat(count),
    ready: Array(count).fill(0),
    started: Array(count).fill(1),
    ended: Array(count).fill(1),
    attempts: [],
    cloned: [],
    earlier: [],
  })
  expect(table.size).toBe(count)
  expect(table.find(77_777)).toBe(77_776)
})

test('times do not wrap after 24.8 days', () => {
  const table = new TaskTable()
  const month = 40 * 864e5
  table.add({ event: 1, origin: '2026-10-01T00:00:00Z', steps: ['s'], numbers: [1, 1], step: [[0, 2]], state: '21', ready: [0, month], started: [1, 2], ended: [month, -1], attempts: [], cloned: [], earlier: [], more: false })
  expect([table.ended[0], table.ready[1], table.started[1]]).toEqual([month + 1, month, month + 2])
  table.change([[2, 's', 2, month, month + 2, 2 * month, 1, -1]])
  expect(table.end()).toBe(2 * month)
})
