// What a graph of 500 steps costs the page: from its address to the last box, and tasks that held up the main thread.
import { layers, nested } from './shapes.mjs'

/** The page of `run`, as if its flow had this graph. */
export async function openWithGraph(browser, url, run, graph, before = async () => {}) {
  const page = await browser.newPage()
  await page.route(`**/api/v1/runs/${run}`, async (route) => {
    const response = await route.fetch()
    const details = await response.json()
    details.graph = { ...graph, digest: `${graph.nodes.length} ${graph.edges.length} ${Math.random()}` }
    await route.fulfill({ response, json: details })
  })
  await before(page)
  await page.goto(`${url}/runs/${run}`)
  return page
}

export async function benchLayout(browser, url, run) {
  const found = {}
  for (const [name, make] of Object.entries({ layers, nested })) {
    const graph = make(500)
    const page = await openWithGraph(browser, url, run, graph, (page) =>
      page.addInitScript(() => {
        window.longTasks = []
        new PerformanceObserver((list) => window.longTasks.push(...list.getEntries().map((e) => e.duration))).observe({ type: 'longtask', buffered: true })
      }),
    )
    await page.getByRole('heading', { level: 1 }).waitFor()
    const began = await page.evaluate(() => ((window.longTasks.length = 0), performance.now()))
    await page.waitForFunction((count) => document.querySelectorAll('.graph .box').length >= count, graph.nodes.filter((node) => node.kind === 'step' || node.kind === 'join').length)
    const { took, longest } = await page.evaluate((began) => ({ took: performance.now() - began, longest: Math.max(0, ...window.longTasks) }), began)
    found[name] = { drawn_ms: Math.round(took), longest_task_ms: Math.round(longest) }
    await page.close()
  }
  return found
}
