import type { Run } from '../api/types'

/** How long a run took, or has taken by now; one that was lost, until it was last heard of. */
export function tookOf(run: Run, now: number): number {
  if (run.seconds !== undefined) return run.seconds
  const end = run.state === 'lost' && run.heartbeat ? Date.parse(run.heartbeat) : now
  return Math.max(0, (end - Date.parse(run.created)) / 1000)
}

/** What a list of runs that is here as a whole is sorted by, named as the server names it. */
export const RUN_KEYS = {
  state: (run: Run) => run.state,
  run: (run: Run) => run.pathspec,
  tasks: (run: Run) => run.tasks,
  started: (run: Run) => Date.parse(run.created),
  took: (run: Run) => tookOf(run, Date.now()),
  user: (run: Run) => run.user,
}
