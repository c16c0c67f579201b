// Graphs too large to look at, with less in them: what is inside of a foreach as one box, then steps whose names begin alike.
import type { GraphEdge, GraphNode } from '../../api/types'
import type { Drawing } from './drawing'

export const MOST_NODES = 500

export interface Collapsed extends Drawing {
  /** Of a box that stands for several: which. */
  members: Map<number, number[]>
}

export function collapsed(graph: Drawing, most = MOST_NODES): Collapsed {
  let found = merged(graph, (node) => node.id)
  if (found.nodes.length > most) found = merged(graph, insideForeach(graph))
  for (let length = 16; found.nodes.length > most && length >= 0; length -= 4) {
    const of = insideForeach(graph)
    const names = new Map(graph.nodes.map((node) => [node.id, node.name]))
    found = merged(graph, (node) => {
      const group = of(node)
      return prefixOf(names.get(group as number) ?? node.name, length)
    })
  }
  return found
}

/** A name without its number, or its first letters. */
function prefixOf(name: string, length: number): string {
  return name.replace(/[_-]?\d+$/, '').slice(0, length)
}

/** The outermost foreach that a node is inside of, or the node itself. */
function insideForeach(graph: Drawing): (node: GraphNode) => number {
  const after = new Map<number, number[]>(graph.nodes.map((node) => [node.id, []]))
  for (const edge of graph.edges) after.get(edge.from)?.push(edge.to)
  const kind = new Map(graph.nodes.map((node) => [node.id, node.kind]))
  const owner = new Map<number, number>()
  for (const node of graph.nodes) {
    if (node.kind !== 'foreach' || owner.has(node.id)) continue
    // Up to the join that closes it: each split and foreach on the way has one of its own.
    const depth = new Map(after.get(node.id)!.map((id) => [id, 0]))
    for (const [id, deep] of depth) {
      if (kind.get(id) === 'join' && deep === 0) continue
      owner.set(id, node.id)
      const opens = kind.get(id) === 'split' || kind.get(id) === 'foreach'
      for (const next of after.get(id)!) if (!depth.has(next)) depth.set(next, deep + (opens ? 1 : 0) - (kind.get(id) === 'join' ? 1 : 0))
    }
  }
  return (node) => owner.get(node.id) ?? node.id
}

function merged(graph: Drawing, groupOf: (node: GraphNode) => number | string): Collapsed {
  const groups = new Map<number | string, GraphNode[]>()
  for (const node of graph.nodes) groups.set(groupOf(node), [...(groups.get(groupOf(node)) ?? []), node])
  const box = new Map<number, number>()
  const members = new Map<number, number[]>()
  const nodes = [...groups.values()].map((inside): GraphNode => {
    const [first] = inside
    for (const node of inside) box.set(node.id, first.id)
    if (inside.length === 1) return first
    members.set(first.id, inside.map((node) => node.id))
    return { id: first.id, name: `${prefixOf(first.name, 18)} … ${inside.length} steps`, kind: 'step' }
  })
  const seen = new Set<string>()
  const edges: GraphEdge[] = []
  for (const edge of graph.edges) {
    const [from, to] = [box.get(edge.from)!, box.get(edge.to)!]
    const key = `${from} ${to}`
    if (from === to || seen.has(key)) continue
    seen.add(key)
    edges.push({ from, to, ...(edge.label ? { label: edge.label } : {}) })
  }
  return { nodes, edges, members }
}
