// What the main thread of a page does from one frame to the next, told by a trace of the browser. Asking the page itself in
// each frame would be charged to the frame: on an empty page that alone came to more than what is measured here.
const MAIN = 'CrRendererMain'
const WORKER = 'DedicatedWorker thread'

/** Milliseconds of all main-thread tasks in each frame of `doing`, and of each task of a worker in the meantime. */
export async function framesOf(browser, page, doing) {
  const session = await browser.newCDPSession(page)
  const { targetInfo } = await session.send('Target.getTargetInfo')
  const events = []
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value))
  const over = new Promise((done) => session.on('Tracing.tracingComplete', done))
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['toplevel', 'cc'] } })
  await doing()
  await session.send('Tracing.end')
  await over
  await session.detach()
  return { targetInfo, ...read(events) }
}

function read(events) {
  const names = new Map(events.filter((e) => e.name === 'thread_name').map((e) => [`${e.pid} ${e.tid}`, e.args.name]))
  const of = (event) => `${event.pid} ${event.tid}`
  const whole = events.filter((e) => e.ph === 'X')
  const begins = whole.filter((e) => e.name === 'ProxyMain::BeginMainFrame' && names.get(of(e)) === MAIN)
  // Of several pages, the one that drew.
  const counts = new Map()
  for (const event of begins) counts.set(of(event), (counts.get(of(event)) ?? 0) + 1)
  const main = [...counts].sort((a, b) => b[1] - a[1])[0][0]
  const [process] = main.split(' ')
  const tasks = whole.filter((e) => e.name === 'ThreadControllerImpl::RunTask')
  const starts = begins.filter((e) => of(e) === main).map((e) => e.ts).sort((a, b) => a - b)
  const frames = new Array(starts.length - 1).fill(0)
  let frame = 0
  for (const { ts, dur } of tasks.filter((e) => of(e) === main).sort((a, b) => a.ts - b.ts)) {
    while (frame < frames.length && ts + dur > starts[frame + 1]) ++frame // the task that begins a frame is of that frame
    if (ts + dur > starts[0] && frame < frames.length) frames[frame] += dur / 1000
  }
  const pictures = tasks.filter((e) => String(e.pid) === process && names.get(of(e)) === WORKER).map((e) => e.dur / 1000)
  return { frames, pictures }
}
