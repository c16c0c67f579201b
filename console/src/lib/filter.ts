// Whether a run that was just heard of belongs to the list as it is filtered: the server's rules, as far as its row
// tells. What it does not tell (parameters) is left to the next load.
import type { Run } from '../api/types'

export interface Filter {
  flow: string
  state: string
  user: string
  tag: string
  parameter: string
  q: string
  since: string
}

export function fits(run: Run, filter: Filter): boolean {
  if (filter.parameter) return false
  if (filter.flow && run.flow !== filter.flow) return false
  if (filter.state && run.state !== filter.state) return false
  if (filter.user && run.user !== filter.user) return false
  if (filter.tag && ![...run.tags, ...run.system_tags].includes(filter.tag)) return false
  if (!filter.q) return true
  const texts = [run.pathspec, run.user, run.host, run.project, run.branch, run.failure, ...run.tags, ...run.system_tags]
  return texts.some((text) => text?.toLowerCase().includes(filter.q.toLowerCase()))
}
