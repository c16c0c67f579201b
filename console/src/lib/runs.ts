import { onReturn, watch } from '../api/live'
import type { Run, RunsEvent } from '../api/types'
import { rightNow } from './now.svelte'
import { tookOfRun } from './took'

/** Calls `load` soon after runs have changed that `concern`. Returns what ends it. */
export function onRuns(load: () => void, concern: (run: Run) => boolean = () => true): () => void {
  let due: ReturnType<typeof setTimeout> | undefined
  const stop = watch(
    'runs',
    '',
    (event) => {
      const { runs = [], removed = [] } = event as RunsEvent
      if (!removed.length && !runs.some(concern)) return
      clearTimeout(due)
      due = setTimeout(load, 400)
    },
    load,
  )
  // What changed before the stream had begun is told by nobody.
  const deaf = onReturn(load)
  return () => {
    clearTimeout(due)
    stop()
    deaf()
  }
}

/** What a list of runs that is here as a whole is sorted by, named as the server names it. */
export const RUN_KEYS = {
  state: (run: Run) => run.state,
  run: (run: Run) => run.pathspec,
  tasks: (run: Run) => run.tasks,
  started: (run: Run) => Date.parse(run.created),
  took: (run: Run) => tookOfRun(run, rightNow()),
  user: (run: Run) => run.user,
}
