// The layout of a graph: asked of a worker once, then kept under the graph's digest for as long as the tab is open.
import type { Drawing, Plan } from './drawing'

const PREFIX = 'backlot-layout-2:'

let prepared: Worker | undefined

/** Starts the worker while its graph is still on its way, where no layout is known yet. */
export function prepare() {
  if (Object.keys(sessionStorage).some((key) => key.startsWith(PREFIX))) return
  prepared ??= start()
  prepared.onerror = () => (prepared = undefined) // whoever needs one tries again, and hears why
}

function start(): Worker {
  return new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
}

export function layoutFor(digest: string, drawing: Drawing): Promise<Plan> {
  const kept = read(digest)
  if (kept) return Promise.resolve(kept)
  return new Promise((resolve, reject) => {
    const worker = prepared ?? start()
    prepared = undefined
    worker.onmessage = (message: MessageEvent<Plan>) => {
      worker.terminate()
      keep(digest, message.data)
      resolve(message.data)
    }
    worker.onerror = (event) => {
      worker.terminate()
      reject(new Error(event.message || 'the graph could not be laid out'))
    }
    worker.postMessage({ nodes: drawing.nodes, edges: drawing.edges })
  })
}

function read(digest: string): Plan | undefined {
  try {
    return JSON.parse(sessionStorage.getItem(PREFIX + digest) ?? 'null') ?? undefined
  } catch {
    return undefined
  }
}
function keep(digest: string, plan: Plan) {
  try {
    sessionStorage.setItem(PREFIX + digest, JSON.stringify(plan))
  } catch {
    // No room: it is laid out again.
  }
}
