// Lays graphs out beside the page's own thread.
import { headsOf, linesOf } from './arrows'
import type { Drawing, Plan } from './drawing'
import { layoutOf } from './layout'

self.onmessage = (message: MessageEvent<Drawing>) => {
  const { width, height, nodes, edges } = layoutOf(message.data)
  const labels = edges.flatMap(({ label }) => label ?? [])
  self.postMessage({ width, height, boxes: nodes, arrows: edges.length, lines: linesOf(edges), heads: headsOf(edges), labels } satisfies Plan)
}
