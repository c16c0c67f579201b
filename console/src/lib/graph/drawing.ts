// A graph to be drawn, and where its boxes stand.
import type { GraphEdge, GraphNode } from '../../api/types'

export interface Drawing {
  nodes: GraphNode[]
  edges: GraphEdge[]
}
/** Pixels, y downwards. */
export interface Layout {
  width: number
  height: number
  nodes: { id: number; x: number; y: number; width: number; height: number }[] // x, y: the middle
  edges: { from: number; to: number; points: [number, number][]; label?: { text: string; x: number; y: number } }[] // cubic Bezier, 3n+1 points
}

/** A layout as a page needs it: what can be made of it beside the page, is. */
export interface Plan {
  width: number
  height: number
  boxes: Layout['nodes']
  arrows: number
  lines: string // all of them, as an SVG path
  heads: string
  labels: { text: string; x: number; y: number }[]
}

export function isTask(node: GraphNode): boolean {
  return node.kind === 'step' || node.kind === 'join'
}
