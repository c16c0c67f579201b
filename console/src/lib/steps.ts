import type { RunState, Step, TaskState } from '../api/types'

/** What a step as a whole is at. */
export function stateOfStep(step: Step, run: RunState): TaskState {
  const total = Math.max(step.tasks, step.expected ?? 0)
  if (step.failed) return 'failed'
  if (step.done >= total && total > 0) return 'done'
  if (run === 'running') return step.running || step.done ? 'running' : 'ready'
  return 'cancelled'
}
