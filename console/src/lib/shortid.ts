import type { Part } from './route.svelte'

// Ids of runs are sixteen digits of which the last ones tell runs apart.
const LEAST = 6

/** How many digits it takes to tell all of these apart. */
export function digitsFor(ids: readonly Part[]): number {
  const all = [...new Set(ids.map(String))]
  for (let digits = LEAST; digits < 20; ++digits) {
    if (new Set(all.map((id) => id.slice(-digits))).size === all.length) return digits
  }
  return 20
}

/** "Flow/…123456/compute/17" */
export function shortPathspec(pathspec: string): string {
  const [flow, run, ...rest] = pathspec.split('/')
  return [flow, shortId(run), ...rest].join('/')
}

export function shortId(id: Part, digits = LEAST): string {
  const text = String(id)
  return text.length <= digits + 2 ? text : '…' + text.slice(-digits)
}
