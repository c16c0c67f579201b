/** What a Python flow keeps beside its parameters for itself: its graph, and the flow's own name. */
export function isInternal(name: string, shown: unknown, flow: string): boolean {
  return name.startsWith('_') || (name === 'name' && (shown === flow || shown === JSON.stringify(flow)))
}
