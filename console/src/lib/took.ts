// How long something took, or takes.
import type { Run, RunState, Task, TaskState } from '../api/types'

/** Seconds from the beginning of a run to its end, to its last sign of life, or to now. */
export function tookOfRun(run: Run, now: number): number {
  if (run.seconds !== undefined) return run.seconds
  return since(run.created, lastSign(run) ?? now)
}

/** When what goes on in a run was seen last: of a dead run, by its heartbeat; undefined: it goes on now. */
export function lastSign(run: Pick<Run, 'state' | 'heartbeat' | 'ended'>): number | undefined {
  if (run.state === 'running') return undefined
  const time = run.state === 'lost' ? run.heartbeat : run.ended
  return time ? Date.parse(time) : undefined
}

/** Seconds that a task, a step or an attempt took, or takes while it runs. */
export function took(what: { started?: string; seconds?: number; running: boolean }, run: Pick<Run, 'state' | 'heartbeat' | 'ended'>, now: number): number | undefined {
  if (!what.running || !what.started) return what.seconds
  return since(what.started, lastSign(run) ?? now)
}

function since(iso: string, end: number): number {
  return Math.max(0, (end - Date.parse(iso)) / 1000)
}

export type Shown = RunState | TaskState

/** What a task, or a step, is at: in a run whose scheduler is gone nothing runs and nothing waits any more. */
export function shownState(state: Task['state'], run: RunState): Shown {
  return run === 'lost' && (state === 'running' || state === 'ready') ? 'lost' : state
}
