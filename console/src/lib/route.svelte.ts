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

export function go(address: string, replace = false) {
  if (address === location.pathname + location.search) return
  const before = location.pathname
  if (replace) history.replaceState(null, '', address)
  else history.pushState(null, '', address)
  place = here()
  if (!replace && location.pathname !== before) {
    window.scrollTo(0, 0)
    document.getElementById('main')?.focus({ preventScroll: true })
  }
}

/** Changes parts of the query in place; empty values go. */
export function setQuery(changes: Record<string, string | undefined>) {
  const query = new URLSearchParams(location.search)
  for (const [name, value] of Object.entries(changes)) {
    if (value) query.set(name, value)
    else query.delete(name)
  }
  const text = query.toString()
  go(location.pathname + (text ? '?' + text : ''), true)
}

/** "/runs/Flow/7" below the base, with each part encoded; a query of what is not empty. */
export function address(parts: (string | number)[], query: Record<string, string | undefined> = {}): string {
  const used = Object.entries(query).filter((entry): entry is [string, string] => !!entry[1])
  const text = new URLSearchParams(used).toString()
  return base + parts.map((part) => encodeURIComponent(part)).join('/') + (text ? '?' + text : '')
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

window.addEventListener('popstate', () => (place = here()))
