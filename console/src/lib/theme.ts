// Light, dark, or as the system has it. The document says which it is now; the colours of both are in style.css.
export type Theme = 'system' | 'light' | 'dark'

const KEY = 'backlot-theme'
const system = matchMedia('(prefers-color-scheme: dark)')

export function theme(): Theme {
  const kept = localStorage.getItem(KEY)
  return kept === 'light' || kept === 'dark' ? kept : 'system'
}

export function applyTheme(chosen: Theme = theme()) {
  if (chosen === 'system') localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, chosen)
  show()
}

const listeners = new Set<() => void>()

/** Calls `listener` when the colours are others: what is drawn on a canvas has to be drawn anew. Returns what ends it. */
export function onTheme(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function show() {
  const chosen = theme()
  document.documentElement.dataset.theme = chosen === 'system' ? (system.matches ? 'dark' : 'light') : chosen
  for (const listener of listeners) listener()
}

system.addEventListener('change', show)
