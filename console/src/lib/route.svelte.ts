// Where we are is the address, and nothing else: every page can be linked to and reloaded.
export interface Place {
  path: string[]
  query: URLSearchParams
}

/** Where the console lies on its host: "/", or "/backlot/" behind a proxy. */
const base = new URL(document.baseURI).pathname

function here(): Place {
  return {
    path: location.pathname.slice(base.length).split('/').filter(Boolean).map(decodeURIComponent),
    query: new URLSearchParams(location.search),
  }
}

let place = $state.raw<Place>(here())

export function current(): Place {
  return place
}

// What belongs to an entry of the history besides its address: how far it was scrolled, how much of a list was shown.
// A reload keeps it.
type Kept = Record<string, number>
const KEY = 'backlot-history'
const entries = new Map<string, Kept>(JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as [string, Kept][])
history.scrollRestoration = 'manual'

function entry(): string {
  const known = (history.state as { entry?: string } | null)?.entry
  if (known) return known
  const made = crypto.getRandomValues(new Uint32Array(2)).join('-')
  history.replaceState({ entry: made }, '')
  return made
}
let entryNow = entry()

/** Kept with this entry of the history until it is come back to. */
export function keep(name: string, value: number) {
  entries.set(entryNow, { ...entries.get(entryNow), [name]: value })
}
export function kept(name: string): number | undefined {
  return entries.get(entryNow)?.[name]
}

window.addEventListener('scroll', () => keep('scroll', Math.round(window.scrollY)), { passive: true })
window.addEventListener('pagehide', () => sessionStorage.setItem(KEY, JSON.stringify([...entries].slice(-100))))

/** What was there when the page was left may take a while to be there again; who scrolls meanwhile is not disturbed. */
function restoreScroll() {
  const wanted = kept('scroll') ?? 0
  const until = performance.now() + 3000
  let ended = false
  const end = () => (ended = true)
  for (const kind of ['wheel', 'touchstart', 'keydown', 'pointerdown']) window.addEventListener(kind, end, { once: true, passive: true })
  const step = () => {
    if (ended || entryNow !== entry()) return
    const reach = document.documentElement.scrollHeight - innerHeight
    if (reach >= wanted || performance.now() > until) window.scrollTo(0, wanted)
    else requestAnimationFrame(step)
  }
  step()
}

export function go(address: string, replace = false) {
  if (address === location.pathname + location.search) return
  const before = location.pathname
  if (replace) history.replaceState(history.state, '', address)
  else history.pushState(null, '', address)
  entryNow = entry()
  place = here()
  if (!replace && location.pathname !== before) {
    window.scrollTo(0, 0)
    document.getElementById('main')?.focus({ preventScroll: true })
  }
}

/** Changes parts of the query, as a rule in place; empty values go. */
export function setQuery(changes: Record<string, string | undefined>, replace = true) {
  const query = new URLSearchParams(location.search)
  for (const [name, value] of Object.entries(changes)) {
    if (value) query.set(name, value)
    else query.delete(name)
  }
  const text = query.toString()
  go(location.pathname + (text ? '?' + text : ''), replace)
}

/** Run ids may lie beyond 2^53: then they are no numbers, but have a text. */
export type Part = string | number | { toString(): string }

/** "/runs/Flow/7" below the base, with each part encoded; a query of what is not empty. */
export function address(parts: Part[], query: Record<string, string | undefined> = {}): string {
  const used = Object.entries(query).filter((entry): entry is [string, string] => !!entry[1])
  const text = new URLSearchParams(used).toString()
  return base + parts.map((part) => encodeURIComponent(String(part))).join('/') + (text ? '?' + text : '')
}

/** Links of ours change the page without loading it anew. */
export function followLinks(event: MouseEvent) {
  if (event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  const link = (event.target as Element).closest('a')
  if (!link || link.origin !== location.origin || link.target || link.hasAttribute('download')) return
  if (!link.pathname.startsWith(base) || link.pathname.startsWith(base + 'api/')) return
  event.preventDefault()
  go(link.pathname + link.search)
}

window.addEventListener('popstate', () => {
  entryNow = entry()
  place = here()
  restoreScroll()
})
if (kept('scroll')) restoreScroll()
