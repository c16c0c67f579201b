// Graphs to lay out, the same on every machine: made from a seed.

/** Numbers in [0, 1), mulberry32. */
function randomFrom(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Steps in layers, each after one to three of the layer before: what pipelines of many sources look like. */
export function layers(count, seed = 7) {
  const random = randomFrom(seed)
  const nodes = [{ id: 0, name: 'start', kind: 'step' }]
  const edges = []
  let before = [0]
  while (nodes.length < count - 1) {
    const width = Math.min(count - 1 - nodes.length, 1 + Math.floor(random() * 14))
    const layer = []
    for (let i = 0; i < width; ++i) {
      const id = nodes.length
      nodes.push({ id, name: `step_${id}`, kind: 'step' })
      layer.push(id)
      const parents = new Set([before[Math.floor(random() * before.length)]])
      while (random() < 0.35 && parents.size < 3) parents.add(before[Math.floor(random() * before.length)])
      for (const from of parents) edges.push({ from, to: id })
    }
    // Whoever has nothing behind it yet leads on too.
    const goesOn = new Set(edges.map((edge) => edge.from))
    for (const from of before) if (!goesOn.has(from)) edges.push({ from, to: layer[Math.floor(random() * layer.length)] })
    before = layer
  }
  const end = nodes.length
  nodes.push({ id: end, name: 'end', kind: 'step' })
  for (const from of before) edges.push({ from, to: end })
  return { nodes, edges }
}

/** Splits within splits, each closed by its join: what flows are made of. */
export function nested(count, seed = 11) {
  const random = randomFrom(seed)
  const nodes = []
  const edges = []
  const add = (kind) => nodes.push({ id: nodes.length, name: `${kind}_${nodes.length}`, kind }) - 1
  const link = (from, to) => edges.push({ from, to })
  let last = add('step')
  while (nodes.length < count - 60) last = piece(last, 4 + Math.floor(random() * 40), 0)
  while (nodes.length < count - 1) last = piece(last, 1, 0)
  link(last, add('step'))
  return { nodes, edges }

  function piece(from, budget, depth) {
    if (budget < 4 || depth > 3) {
      const id = add('step')
      link(from, id)
      return id
    }
    const split = add('split')
    link(from, split)
    const ways = 2 + Math.floor(random() * 4)
    const ends = []
    for (let i = 0; i < ways; ++i) ends.push(piece(split, Math.floor((budget - 2) / ways), depth + 1))
    const join = add('join')
    for (const end of ends) link(end, join)
    return join
  }
}
