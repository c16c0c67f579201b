// Pictures of every page, desktop and phone, light and dark: TOKEN=… node screenshots.mjs URL FOLDER
import { mkdirSync } from 'node:fs'
import { openBrowser, signIn } from './browser.mjs'

const [url, folder] = process.argv.slice(2)
mkdirSync(folder, { recursive: true })
const answer = async (path) => (await fetch(url + '/api/v1/' + path, { headers: { Authorization: `Bearer ${process.env.TOKEN}` } })).json()

const { runs } = await answer('runs?limit=1000')
const of = (flow, state) => runs.find((run) => run.flow === flow && (!state || run.state === state))
const at = (run) => `/runs/${run.flow}/${run.run}`
const failed = runs.find((run) => run.state === 'failed' && run.tasks_failed > 1) ?? runs.find((run) => run.state === 'failed')
const stats = of('MovieStats')
const tuned = of('Hyperparameters') ?? stats
const failing = of('Failing', 'failed')
const done = of('Failing', 'done')
const big = runs.find((run) => run.tasks > 50_000)
const pages = {
  runs: '/',
  flows: '/flows',
  flow: `/flows/${stats.flow}`,
  run: at(tuned),
  'run-failed': at(failed),
  timeline: at(tuned) + '?tab=timeline',
  tasks: at(tuned) + '?tab=tasks',
  parameters: at(tuned) + '?tab=parameters',
  details: at(tuned) + '?tab=details',
  task: failing ? at(failing) + `/tasks/${(await answer(`runs/${failing.pathspec}`)).failures[0].task}` : at(stats) + '/tasks/1',
  artifacts: at(stats) + '/tasks/1?tab=artifacts',
  attempts: at(stats) + '/tasks/1?tab=attempts',
  table: at(stats) + '/tasks/1/artifacts/movies',
  ...(done ? { card: at(done) + '/tasks/7/artifacts/card', tree: at(done) + '/tasks/7/artifacts/large', matrix: at(done) + '/tasks/7/artifacts/matrix' } : {}),
  compare: `/compare?a=${runs[1].pathspec}&b=${runs[0].pathspec}`,
  ...(big ? { 'big-timeline': at(big) + '?tab=timeline', 'big-tasks': at(big) + '?tab=tasks' } : {}),
}
const only = process.argv[4]?.split(',')
const browser = await openBrowser()
await signIn(browser, url + '/', process.env.TOKEN)
for (const [size, viewport] of Object.entries({ desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } })) {
  for (const scheme of ['light', 'dark']) {
    const page = await browser.newPage()
    await page.setViewportSize(viewport)
    await page.emulateMedia({ colorScheme: scheme })
    page.on('console', (message) => message.type() === 'error' && console.log('console:', message.text()))
    page.on('pageerror', (error) => console.log('error:', error.message))
    for (const [name, path] of Object.entries(pages)) {
      if (only && !only.includes(name)) continue
      await page.goto(url + path)
      await page.waitForTimeout(name.startsWith('big') ? 1500 : 500)
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      if (wide > 0) console.log(`${name} ${size}: ${wide} px wider than the window`)
      await page.screenshot({ path: `${folder}/${name}-${size}-${scheme}.png` })
    }
    await page.close()
  }
}
await browser.close()
