// Draws the timeline beside the page's own thread: the newest of what it was told, once for each frame of the screen.
import { draw } from './draw'
import type { Content, Look, Message } from './screen'
import { Counts, summedLanesOf, type SummedLane } from './sums'

let context: OffscreenCanvasRenderingContext2D | null = null
let content: Content | undefined
let look: Look | undefined
let lanes: SummedLane[] = []
let counts: Counts | undefined
let summed: Content['table'] | undefined // the tasks that these are of
let pending = 0

self.onmessage = ({ data }: MessageEvent<Message>) => {
  if ('canvas' in data) context = data.canvas.getContext('2d', { alpha: false })
  else {
    const { look: newest, ...changed } = data
    look = newest
    content = { ...content, ...changed } as Content // the first message has all of it
  }
  pending ||= requestAnimationFrame(paint)
}

function paint() {
  pending = 0
  if (!context || !content || !look) return
  const { table } = content
  if (table !== summed) {
    lanes = summedLanesOf(table)
    counts = new Counts(table, Int32Array.from({ length: table.size }, (_, i) => i))
    summed = table
  }
  const { places, scale, ...rest } = look
  const { canvas } = context
  const [width, height] = [Math.round(look.width * scale), Math.round(look.height * scale)]
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width
    canvas.height = height
  }
  context.setTransform(scale, 0, 0, scale, 0, 0)
  draw(context, { ...rest, ...content, counts: counts!, lanes: places.map((place, i) => ({ ...place, lane: lanes[i] })) })
}
