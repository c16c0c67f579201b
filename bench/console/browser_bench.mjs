// What the pages cost a browser: TOKEN=… node browser_bench.mjs URL RUN LIVE_RUN. Prints JSON; exit status 77: no browser here.
import { existsSync } from 'node:fs'
import { openBrowser, signIn } from '../../tests/console/browser.mjs'
import { framesOf } from './frames.mjs'
import { benchLayout } from './layout/layout_bench.mjs'

const [url, run, live] = process.argv.slice(2)
if (!existsSync('/usr/bin/chromium')) process.exit(77)
const browser = await openBrowser()
await signIn(browser, url + '/', process.env.TOKEN)
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]
const p95 = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length * 0.95)]

async function heapMb(page) {
  const session = await browser.newCDPSession(page)
  await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  return usedSize / (1 << 20)
}

// From the address to the first frame with all tasks drawn.
const opens = []
let wire = 0
for (let i = 0; i < 5; ++i) {
  const page = await browser.newPage()
  const session = await browser.newCDPSession(page)
  await session.send('Network.enable')
  await session.send('Network.setCacheDisabled', { cacheDisabled: true })
  let bytes = 0
  session.on('Network.loadingFinished', (event) => (bytes += event.encodedDataLength))
  const begin = Date.now()
  await page.goto(`${url}/runs/${run}?tab=timeline`)
  await page.waitForFunction(() => {
    const canvas = document.querySelector('canvas')
    if (!canvas) return false
    // Its pixels are a worker's: what the page shows of them is looked at in a copy.
    const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d')
    copy.drawImage(canvas, 0, 0)
    const pixels = new Uint32Array(copy.getImageData(canvas.width / 4, canvas.height / 2, canvas.width / 2, 4).data.buffer)
    return pixels.some((pixel) => pixel !== 0 && pixel !== pixels[0])
  })
  opens.push(Date.now() - begin)
  wire = bytes
  await page.close()
}

// Panning by the mouse, on a processor that is four times slower: what the main thread does in each frame, and what the
// browser itself calls a long task. The same mouse over an empty page tells how much of it is the browser's own.
async function slowly(page, doing) {
  const session = await browser.newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  await page.evaluate(() => {
    window.longTasks = []
    new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: 'longtask' })
  })
  await doing()
  await session.send('Emulation.setCPUThrottlingRate', { rate: 1 })
  return page.evaluate(() => Math.max(0, ...window.longTasks))
}
async function pan(page, box) {
  const [x, y] = [box.x + box.width / 2, box.y + box.height * 0.8]
  await page.mouse.move(x, y)
  await page.mouse.down()
  await page.mouse.move(x + 9, y)
  const frames = await framesOf(browser, page, async () => {
    for (let i = 0; i < 120; ++i) await page.mouse.move(x + (i % 20) * 20, y - (i % 10) * 6)
  })
  await page.mouse.move(x + 8, y)
  await page.mouse.up()
  return p95(frames)
}
const page = await browser.newPage()
let empty
await slowly(page, async () => (empty = await pan(page, { x: 0, y: 0, width: 1200, height: 400 })))
await page.goto(`${url}/runs/${run}?tab=timeline`)
await page.locator('canvas').waitFor()
await page.waitForTimeout(3000)
let dense, rows
const longest = await slowly(page, async () => {
  dense = await pan(page, await page.locator('canvas').boundingBox())
  for (let i = 0; i < 12; ++i) await page.getByRole('button', { name: 'Taller rows' }).click()
  rows = await pan(page, await page.locator('canvas').boundingBox())
})
const memory = await heapMb(page)
await page.close()

// From the commit of a task to the page that shows it.
const watching = await browser.newPage()
await watching.goto(`${url}/runs/${live}?tab=tasks`)
await watching.waitForFunction(() => /\d+\/\d+/.test(document.querySelector('.facts-row')?.innerText ?? ''))
const lags = await watching.evaluate(
  ([path]) =>
    new Promise((done) => {
      const found = []
      const seen = () => Number(/(\d+)\/\d+/.exec(document.querySelector('.facts-row').innerText.replaceAll('\u202f', ''))[1])
      let last = seen()
      const observer = new MutationObserver(async () => {
        const now = seen()
        const shown = Date.now()
        if (now === last) return
        last = now
        const { tasks } = await (await fetch(`/api/v1/runs/${path}/tasks?after=${now - 2}&limit=1`)).json()
        if (tasks[0]?.ended) found.push(shown - Date.parse(tasks[0].ready))
        if (found.length >= 30) {
          observer.disconnect()
          done(found)
        }
      })
      observer.observe(document.querySelector('.facts-row'), { subtree: true, characterData: true, childList: true })
    }),
  [live],
)
// Asleep through what comes, then awake.
const hiddenHeap = await heapMb(watching)
const layout = await benchLayout(browser, url, run)
await browser.close()

console.log(
  JSON.stringify({
    run_opens_ms: median(opens),
    page_and_run_kb_on_the_wire: Math.round(wire / 1024),
    frame_ms_p95_empty_page: Number(empty.toFixed(2)),
    frame_ms_p95_panning_100000: Number(dense.toFixed(2)),
    frame_ms_p95_panning_rows: Number(rows.toFixed(2)),
    longest_task_ms_panning: Math.round(longest),
    browser_heap_mb: Number(memory.toFixed(1)),
    browser_heap_mb_live_tab: Number(hiddenHeap.toFixed(1)),
    layout_500_nodes: layout,
    shown_after_commit_ms_p50: median(lags),
    shown_after_commit_ms_p95: p95(lags),
  }),
)
