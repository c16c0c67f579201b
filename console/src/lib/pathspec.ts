// Addresses that people guess: a pathspec, "Flow/7/compute/17/median", and what stands for parts of it.
import { address } from './route.svelte'

const PAGES = ['runs', 'flows', 'compare', 'api', 'metrics', 'assets', 'healthz']

/** The page of what a pathspec names; undefined: it names nothing that there could be. */
export function pageOf(parts: string[]): string | undefined {
  const [flow, run, step, task, artifact] = parts
  if (parts.some((part) => !part) || parts.length > 5 || !/^[\w.-]+$/.test(flow ?? '')) return undefined
  if (!run) return address(['flows', flow])
  if (!/^(\d+|last)$/.test(run)) return undefined
  if (!step) return address(['runs', flow, run])
  if (!task) return address(['runs', flow, run], { tab: 'tasks', step })
  // Of a task its number is enough; its path needs the step.
  const name = /^\d+$/.test(task) ? task : `${step}/${task}`
  if (!artifact) return address(['runs', flow, run, 'tasks', name])
  return address(['runs', flow, run, 'tasks', name, 'artifacts', artifact])
}

export function pageOfText(text: string): string | undefined {
  return pageOf(text.trim().replace(/^\/+|\/+$/g, '').split('/'))
}

/** Where somebody who typed this path wanted to go; undefined: nowhere, or there is a page of that path. */
export function guessedPage(path: string[]): string | undefined {
  const [kind, ...rest] = path
  if (!PAGES.includes(kind)) return pageOf(path)
  if (kind === 'flows' && rest.length > 1) return pageOf(rest)
  if (kind === 'runs' && rest.length === 1) return pageOf(rest)
  if (kind === 'runs' && rest[2] === 'tasks' && rest.length === 3) return address(['runs', rest[0], rest[1]], { tab: 'tasks' })
  if (kind === 'runs' && rest[2] === 'parameters' && rest.length === 3) return address(['runs', rest[0], rest[1]], { tab: 'parameters' })
  if (kind === 'runs' && rest[2] === 'tasks' && rest[4] === 'artifacts' && rest.length === 5) return address(['runs', rest[0], rest[1], 'tasks', rest[3]], { tab: 'artifacts' })
  if (kind === 'runs' && rest.length > 2 && !['tasks', 'parameters'].includes(rest[2])) return pageOf(rest)
  return undefined
}
