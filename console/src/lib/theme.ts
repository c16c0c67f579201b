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

function show() {
  const chosen = theme()
  document.documentElement.dataset.theme = chosen === 'system' ? (system.matches ? 'dark' : 'light') : chosen
}

system.addEventListener('change', show)
