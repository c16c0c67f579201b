// Characters that turn the direction of the text around them can make a name read as another one. Wherever they come
// from, a page shows them by their numbers. Only what is shown changes: values, addresses and what fields hold do not.
const CONTROLS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
const ATTRIBUTES = ['title', 'aria-label', 'placeholder', 'alt']

export function shownDirections(text: string): string {
  return text.replace(CONTROLS, (control) => `⟦U+${control.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}⟧`)
}

function show(node: Node) {
  if (node instanceof Text) {
    // Only when there is something to replace: a write would be seen as a change once more.
    if (node.data.search(CONTROLS) >= 0) node.data = shownDirections(node.data)
    return
  }
  if (!(node instanceof Element)) return
  for (const name of ATTRIBUTES) {
    const text = node.getAttribute(name)
    if (text && text.search(CONTROLS) >= 0) node.setAttribute(name, shownDirections(text))
  }
  for (const child of node.childNodes) show(child)
}

/** From now on, in all that this document shows. */
export function showDirections(root: Document) {
  show(root.documentElement)
  new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === 'childList') change.addedNodes.forEach(show)
      else if (change.type === 'attributes') {
        const text = (change.target as Element).getAttribute(change.attributeName!)
        if (text && text.search(CONTROLS) >= 0) (change.target as Element).setAttribute(change.attributeName!, shownDirections(text))
      } else show(change.target)
    }
  }).observe(root.documentElement, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES })
}
