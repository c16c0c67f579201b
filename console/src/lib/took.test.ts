import { expect, test } from 'vitest'
import type { Run } from '../api/types'
import { stateOfStep } from './steps'
import { shownState, took, tookOfRun } from './took'

const at = (seconds: number) => new Date(seconds * 1000).toISOString()
const run = (more: Partial<Run>) => ({ state: 'running', created: at(100), ...more }) as Run

test('what runs has a duration, a dead run up to its last sign of life', () => {
  expect(tookOfRun(run({}), 160_000)).toBe(60)
  expect(tookOfRun(run({ state: 'done', seconds: 5 }), 160_000)).toBe(5)
  expect(tookOfRun(run({ state: 'lost', heartbeat: at(130) }), 160_000)).toBe(30)
  const task = { started: at(110), running: true }
  expect(took(task, run({}), 160_000)).toBe(50)
  expect(took(task, run({ state: 'lost', heartbeat: at(130) }), 160_000)).toBe(20)
  expect(took({ started: at(110), seconds: 7, running: false }, run({}), 160_000)).toBe(7)
  expect(took({ running: true }, run({}), 160_000)).toBe(undefined)
})

test('a dead run is told one way, a cancelled one is grey', () => {
  const step = { tasks: 3, done: 1, failed: 0, running: 1 }
  expect([stateOfStep(step, 'running'), stateOfStep(step, 'lost'), stateOfStep(step, 'cancelled')]).toEqual(['running', 'lost', 'cancelled'])
  expect(stateOfStep({ ...step, done: 3, running: 0 }, 'lost')).toBe('done')
  expect([shownState('running', 'lost'), shownState('ready', 'lost'), shownState('done', 'lost'), shownState('running', 'running')]).toEqual(['lost', 'lost', 'done', 'running'])
})
