// What the main thread of a page does from one frame to the next, told by a trace of the browser. To ask the page itself in
// each frame is charged to the frame: a page with nothing on it comes to 6 to 11 ms by that, more than what is looked for.

/** While `doing`: milliseconds of all that the main thread did in each frame. */
export async function framesOf(browser, page, doing) {
  const session = await browser.newCDPSession(page)
  const events = []
  session.on('Tracing.dataCollected', ({ value }) => events.push(...value))
  const over = new Promise((done) => session.on('Tracing.tracingComplete', done))
  await session.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['toplevel', 'cc'] } })
  await doing()
  await session.send('Tracing.end')
  await over
  await session.detach()
  return perFrame(events.filter((event) => event.ph === 'X'))
}

function perFrame(events) {
  const threadOf = (event) => `${event.pid} ${event.tid}`
  const begins = new Map()
  for (const event of events) {
    if (event.name === 'ProxyMain::BeginMainFrame') begins.set(threadOf(event), [...(begins.get(threadOf(event)) ?? []), event.ts])
  }
  // Of several pages, the one that drew.
  const [thread, unsorted] = [...begins].sort(([, a], [, b]) => b.length - a.length)[0]
  const starts = unsorted.sort((a, b) => a - b)
  const frames = Array(starts.length - 1).fill(0)
  for (const { ts, dur } of events.filter((event) => event.name === 'ThreadControllerImpl::RunTask' && threadOf(event) === thread)) {
    const frame = starts.findLastIndex((start) => start < ts + dur) // the task that begins a frame is part of it
    if (frame in frames) frames[frame] += dur / 1000
  }
  return frames
}
