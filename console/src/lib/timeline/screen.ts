// The canvas of a timeline, which a worker draws on: the page's own thread has no part in a picture but to say what is seen.
import type { Tasks } from '../columns'
import type { Colours, View } from './draw'
import type { Place, Placed } from './lanes'

/** What changes from picture to picture. */
export interface Look {
  places: Place[] // of the lanes, in their order
  view: View
  width: number
  height: number
  scale: number // pixels of the device on one of the page
  scrolled: number
  hover: number
  now: number
}
/** What seldom changes, and goes over only when it has: the tasks are megabytes. */
export interface Content {
  version: number // of the tasks
  table: Tasks
  critical: Set<number>
  colours: Colours
}
export type Message = { canvas: OffscreenCanvas } | ({ look: Look } & Partial<Content>)

export class Screen {
  private readonly worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
  private sent: Partial<Content> = {}

  constructor(failed: (problem: Error) => void) {
    this.worker.onerror = (event) => failed(new Error(event.message || 'the timeline could not be drawn'))
  }

  attach(canvas: HTMLCanvasElement) {
    const offscreen = canvas.transferControlToOffscreen()
    this.worker.postMessage({ canvas: offscreen } satisfies Message, [offscreen])
  }

  show(content: Content, look: Omit<Look, 'places'>, placed: Placed[]) {
    const places = placed.map(({ open, first, rowHeight, top, begin, height }) => ({ open, first, rowHeight, top, begin, height }))
    const { version, table, critical, colours } = content
    const { sent } = this
    this.worker.postMessage({
      look: { ...look, places },
      ...(version !== sent.version && { version, table }),
      ...(critical !== sent.critical && { critical }),
      ...(colours !== sent.colours && { colours }),
    } satisfies Message)
    this.sent = content
  }

  end() {
    this.worker.terminate()
  }
}
