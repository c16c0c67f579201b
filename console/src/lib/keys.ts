// The keyboard, on every page: / search, j and k through rows, g r and g f to runs and flows, ⌘K to go anywhere, ? help.
import { address, go } from './route.svelte'

let before = ''

export function onKey(event: KeyboardEvent, toggle: { help: () => void; palette: () => void }) {
  const target = event.target as HTMLElement
  if ((event.metaKey || event.ctrlKey) && !event.altKey && event.key.toLowerCase() === 'k') {
    event.preventDefault()
    toggle.palette()
    return
  }
  if (event.metaKey || event.ctrlKey || event.altKey) return
  if (target.matches('input, select, textarea')) {
    if (event.key === 'Escape') target.blur()
    return
  }
  const combined = before === 'g' ? 'g ' + event.key : event.key
  before = event.key
  if (combined === 'g r') go(address([]))
  else if (combined === 'g f') go(address(['flows']))
  else if (combined === '?') toggle.help()
  else if (combined === '/') {
    const search = document.querySelector<HTMLInputElement>('input[type=search]')
    if (!search) return
    event.preventDefault()
    search.focus()
  } else if (combined === 'j' || combined === 'k') moveRow(combined === 'j' ? 1 : -1)
}

function moveRow(step: number) {
  const rows = [...document.querySelectorAll<HTMLElement>('[data-row]')]
  const at = rows.indexOf(document.activeElement as HTMLElement)
  rows[Math.min(rows.length - 1, Math.max(0, at + step))]?.focus()
}
