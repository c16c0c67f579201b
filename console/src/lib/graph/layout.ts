// Where the boxes and arrows of a graph stand: Sugiyama's method by d3-dag, from left to right. Runs in a worker.
import { coordGreedy, coordSimplex, decrossTwoLayer, graphStratify, layeringLongestPath, sugiyama, twolayerAgg, type GraphNode as DagNode } from 'd3-dag'
import type { GraphEdge, GraphNode } from '../../api/types'
import { isTask, type Drawing, type Layout } from './drawing'

const GAP: [number, number] = [16, 56] // between boxes of one rank, and between ranks
const PASSES = 4 // more undo hardly a crossing: of about 600 of the largest graphs, none to eight
const NICE = 120 // up to so many boxes the better placement takes no time that anybody notices

function sizeOf(node: GraphNode): { width: number; height: number } {
  return isTask(node) ? { width: 176, height: 46 } : { width: 92, height: 34 }
}

export function layoutOf({ nodes, edges }: Drawing): Layout {
  if (!nodes.length) return { width: 0, height: 0, nodes: [], edges: [] }
  const size = new Map(nodes.map((node) => [node.id, sizeOf(node)]))
  const back = backEdges(nodes, edges)
  const parents = new Map(nodes.map((node) => [node.id, new Set<number>()]))
  // A way back is laid out as if it went on, and drawn the other way round.
  for (const edge of edges) {
    const [from, to] = back.has(edge) ? [edge.to, edge.from] : [edge.from, edge.to]
    if (from !== to) parents.get(to)?.add(from)
  }
  const dag = graphStratify()(nodes.map((node) => ({ id: String(node.id), parentIds: [...parents.get(node.id)!].map(String) })))
  const layout = sugiyama()
    .layering(layeringLongestPath())
    .decross(decrossTwoLayer().order(twolayerAgg()).passes(PASSES))
    .coord(nodes.length > NICE ? coordGreedy() : coordSimplex())
    .nodeSize((node: DagNode<{ id: string; parentIds: string[] }>) => {
      const box = size.get(Number(node.data.id))!
      return [box.height, box.width] as const
    })
    .gap(GAP)
  const { width, height } = layout(dag)
  const placed = [...dag.nodes()].map((node) => ({ id: Number(node.data.id), x: node.y, y: node.x, ...size.get(Number(node.data.id))! }))
  const at = new Map(placed.map((box) => [box.id, box]))
  const ways = new Map([...dag.links()].map((link) => [`${link.source.data.id} ${link.target.data.id}`, link.points]))
  return {
    width: height, // ranks go to the right
    height: width,
    nodes: placed,
    edges: edges.map((edge) => {
      const isBack = back.has(edge)
      const middle = (isBack ? [...(ways.get(`${edge.to} ${edge.from}`) ?? [])].reverse() : ways.get(`${edge.from} ${edge.to}`))?.slice(1, -1).map(([x, y]): [number, number] => [y, x]) ?? []
      const [from, to] = [at.get(edge.from)!, at.get(edge.to)!]
      const points = edge.from === edge.to ? selfLoop(from) : curve([[from.x + ((isBack ? -1 : 1) * from.width) / 2, from.y], ...middle, [to.x - (isBack ? -1 : 1) * (to.width / 2 + 5), to.y]])
      const [x, y] = points[Math.floor(points.length / 2)]
      return { from: edge.from, to: edge.to, points, ...(edge.label ? { label: { text: edge.label, x, y: y - 6 } } : {}) }
    }),
  }
}

/** From point to point, leaving and arriving level. */
function curve(through: [number, number][]): [number, number][] {
  const points: [number, number][] = [through[0]]
  for (let i = 1; i < through.length; ++i) {
    const [[x0, y0], [x1, y1]] = [through[i - 1], through[i]]
    const middle = (x0 + x1) / 2
    points.push([middle, y0], [middle, y1], [x1, y1])
  }
  return points
}
function selfLoop(box: { x: number; y: number; width: number; height: number }): [number, number][] {
  const [top, right] = [box.y - box.height / 2, box.x + box.width / 4]
  const left = box.x - box.width / 4
  return [[right, top], [right + 20, top - 26], [left - 20, top - 26], [left, top - 5]]
}

/** Edges that lead to where the walk from the first node is already. */
function backEdges(nodes: GraphNode[], edges: GraphEdge[]): Set<GraphEdge> {
  const after = new Map<number, GraphEdge[]>(nodes.map((node) => [node.id, []]))
  for (const edge of edges) after.get(edge.from)?.push(edge)
  const state = new Map<number, 'open' | 'over'>()
  const back = new Set<GraphEdge>()
  for (const root of nodes) {
    if (state.has(root.id)) continue
    const stack = [{ id: root.id, next: 0 }]
    state.set(root.id, 'open')
    while (stack.length) {
      const top = stack[stack.length - 1]
      const edge = after.get(top.id)![top.next++]
      if (!edge) {
        state.set(top.id, 'over')
        stack.pop()
      } else if (state.get(edge.to) === 'open') back.add(edge)
      else if (!state.has(edge.to)) {
        state.set(edge.to, 'open')
        stack.push({ id: edge.to, next: 0 })
      }
    }
  }
  return back
}
