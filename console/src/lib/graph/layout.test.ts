import { expect, test } from 'vitest'
import type { GraphNode } from '../../api/types'
import { collapsed } from './collapse'
import type { Drawing } from './drawing'
import { layoutOf } from './layout'
// @ts-expect-error a plain module of the bench
import { layers, nested } from '../../../../bench/console/layout/shapes.mjs'

const shapes = { layers, nested } as Record<string, (count: number) => Drawing>
const step = (id: number, name = `s${id}`, kind: GraphNode['kind'] = 'step'): GraphNode => ({ id, name, kind })

test.each(Object.keys(shapes))('boxes of %s do not overlap, and each arrow goes from box to box', (name) => {
  const graph = shapes[name](200)
  const layout = layoutOf(graph)
  expect(layout.nodes).toHaveLength(graph.nodes.length)
  for (const [i, a] of layout.nodes.entries()) {
    expect(a.x - a.width / 2).toBeGreaterThanOrEqual(-1)
    expect(a.x + a.width / 2).toBeLessThanOrEqual(layout.width + 1)
    expect(a.y + a.height / 2).toBeLessThanOrEqual(layout.height + 1)
    for (const b of layout.nodes.slice(i + 1)) {
      const apart = Math.abs(a.x - b.x) >= (a.width + b.width) / 2 - 1 || Math.abs(a.y - b.y) >= (a.height + b.height) / 2 - 1
      if (!apart) expect.fail(`${a.id} lies on ${b.id}`)
    }
  }
  const at = new Map(layout.nodes.map((box) => [box.id, box]))
  for (const edge of layout.edges) {
    expect(edge.points.length % 3).toBe(1)
    expect(edge.points[0]).toEqual([at.get(edge.from)!.x + at.get(edge.from)!.width / 2, at.get(edge.from)!.y])
    expect(edge.points[0][0]).toBeLessThan(edge.points[edge.points.length - 1][0])
  }
})

test('loops, double edges and one lone box are drawn', () => {
  const nodes = [step(0), step(1, 'again', 'loop'), step(2), step(3)]
  const edges = [{ from: 0, to: 1 }, { from: 1, to: 0, label: 'again' }, { from: 1, to: 2, label: 'a' }, { from: 1, to: 2, label: 'b' }, { from: 2, to: 2 }]
  const layout = layoutOf({ nodes, edges })
  expect(layout.edges).toHaveLength(5)
  expect(layout.edges[1].label?.text).toBe('again')
  expect(layout.edges.flatMap((edge) => edge.points.flat()).every(Number.isFinite)).toBe(true)
  expect(layoutOf({ nodes: [step(0)], edges: [] }).nodes).toHaveLength(1)
  expect(layoutOf({ nodes: [], edges: [] }).nodes).toEqual([])
})

test('large graphs are collapsed by foreach, then by names', () => {
  const nodes = [step(0, 'start'), step(1, 'items', 'foreach'), step(2, 'a'), step(3, 'b'), step(4, 'collect', 'join'), step(5, 'end')]
  const edges = [[0, 1], [1, 2], [2, 3], [3, 4], [4, 5]].map(([from, to]) => ({ from, to }))
  const same = collapsed({ nodes, edges }, 6)
  expect(same.members.size).toBe(0)
  const less = collapsed({ nodes, edges }, 5)
  expect(less.members.get(1)).toEqual([1, 2, 3])
  expect(less.edges).toEqual([{ from: 0, to: 1 }, { from: 1, to: 4 }, { from: 4, to: 5 }])
  const many = collapsed(shapes.layers(2000))
  expect(many.nodes.length).toBeLessThanOrEqual(500)
  expect(layoutOf(many).nodes).toHaveLength(many.nodes.length)
})
