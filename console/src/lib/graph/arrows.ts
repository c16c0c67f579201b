// All arrows of a graph as two shapes, one of lines and one of heads: hundreds of elements would take a page longer than all boxes.
import type { Layout } from './drawing'

export function linesOf(edges: Layout['edges']): string {
  return edges.map(({ points: [first, ...rest] }) => `M${first.join(' ')}C${rest.map((p) => p.join(' ')).join(' ')}`).join('')
}

/** Lines arrive level, or from above. */
export function headsOf(edges: Layout['edges']): string {
  return edges.map(({ points }) => headOf(points)).join('')
}

function headOf(points: [number, number][]): string {
  const [[x0, y0], [x, y]] = points.slice(-2)
  const length = Math.hypot(x - x0, y - y0) || 1
  const [dx, dy] = [(5 * (x - x0)) / length, (5 * (y - y0)) / length]
  return `M${x + dx} ${y + dy}L${x - dx / 2 - dy * 0.7} ${y - dy / 2 + dx * 0.7}L${x - dx / 2 + dy * 0.7} ${y - dy / 2 - dx * 0.7}z`
}
