import type { Run } from '../api/types'
import { rightNow } from './now.svelte'
import { tookOfRun } from './took'

/** What a list of runs that is here as a whole is sorted by, named as the server names it. */
export const RUN_KEYS = {
  state: (run: Run) => run.state,
  run: (run: Run) => run.pathspec,
  tasks: (run: Run) => run.tasks,
  started: (run: Run) => Date.parse(run.created),
  took: (run: Run) => tookOfRun(run, rightNow()),
  user: (run: Run) => run.user,
}
