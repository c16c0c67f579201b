import type { Cell, RunState, Step } from '../api/types'
import type { Shown } from './took'

/** What a step as a whole is at: of a run that ended otherwise, that which kept it from its end. */
export function stateOfStep(step: Pick<Step & Cell, 'tasks' | 'done' | 'failed' | 'running'> & { expected?: number }, run: RunState): Shown {
  const total = Math.max(step.tasks, step.expected ?? 0)
  if (step.failed) return 'failed'
  if (step.done >= total && total > 0) return 'done'
  if (run === 'running') return step.running || step.done ? 'running' : 'ready'
  return run === 'lost' ? 'lost' : 'cancelled'
}
