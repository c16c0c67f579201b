// The console in a real browser, as people use it: node --test console_test.mjs, with BACKLOT_PROGRAMS and the built
// pages in BACKLOT_CONSOLE.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { openWithGraph } from '../../bench/console/layout/layout_bench.mjs'
import { layers } from '../../bench/console/layout/shapes.mjs'
import { axeSource, openBrowser, signIn, startOf } from './browser.mjs'

const programs = process.env.BACKLOT_PROGRAMS
const folder = mkdtempSync(join(tmpdir(), 'backlot-console-'))
const HOSTILE = `<img src=x onerror="window.pwned=1">'"&</b><script>window.pwned=1</script>`
const env = { ...process.env, BACKLOT_HOME: join(folder, 'home'), XDG_STATE_HOME: join(folder, 'state'), HOSTILE, MENDED: join(folder, 'mended') }

let browser
let server
let port
let token
const run = (...words) => spawnSync(join(programs, words[0]), words.slice(1), { env, cwd: folder, stdio: 'ignore' })
const ask = (path) => fetch(`http://127.0.0.1:${port}${path}`, { headers: { Authorization: `Bearer ${token}` } })
const get = async (path) => (await ask('/api/v1/' + path)).json()
const newest = async (flow) => (await get(`runs?flow=${flow}&limit=1`)).runs[0]
const url = (path) => `http://127.0.0.1:${port}${path}`
const at = (r) => `/runs/${r.flow}/${r.run}`

const start = (port, more = {}, ...words) =>
  spawn(join(programs, 'backlot'), ['serve', '--no-browser', '--allow-host', 'console.test', '--port', String(port), '--console', process.env.BACKLOT_CONSOLE, ...words], { env: { ...env, ...more } })
async function serve(fixed = 0) {
  server = start(fixed)
  ;({ port, token } = await startOf(server))
}

/** A page that must not complain. */
async function open(path, { complaints = [] } = {}) {
  const page = await browser.newPage()
  page.complaints = complaints
  page.on('console', (message) => message.type() === 'error' && complaints.push(`${message.text()} ${message.location().url}`))
  page.on('pageerror', (error) => complaints.push(error.message))
  await page.goto(url(path))
  return page
}
async function close(page) {
  assert.deepEqual(page.complaints, [])
  await page.close()
}
const text = (page) => page.locator('main').innerText()

before(async () => {
  run('backlot', 'run', fileURLToPath(new URL('failing.py', import.meta.url)), '--note', HOSTILE, '--tag', HOSTILE)
  run('chaos', 'run', 'Chaos', '--items', '["ok","throw","throw","abort"]', '--max-workers', '4', '--quiet')
  await serve()
  browser = await openBrowser()
  await signIn(browser, url('/'), token)
})
after(async () => {
  await browser?.close()
  server?.kill()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
})

test('a live run is watched to its end', async () => {
  const live = spawn(join(programs, '../tests/console_fixture'), [env.BACKLOT_HOME, 'live', '40', '8'], { env })
  const pathspec = String(await new Promise((resolve) => live.stdout.once('data', resolve))).trim()
  const page = await open('/runs/' + pathspec)
  await page.locator('h1 + .state.running').waitFor()
  await page.waitForFunction(() => /\d\d\/320/.test(document.querySelector('main').innerText))
  await page.locator('h1 + .state.done').waitFor({ timeout: 15000 })
  assert.match(await text(page), /tasks\s+321\/321/)
  await page.getByRole('tab', { name: /^Tasks/ }).click()
  await page.getByRole('link', { name: 'encode/2', exact: true }).waitFor()
  await close(page)
})

test('a failed run opens on its failures, grouped, with the log and how to go on', async () => {
  const failed = await newest('Failing')
  const page = await open(at(failed))
  await page.getByRole('heading', { name: 'What failed' }).waitFor()
  await page.getByText('ValueError at failing.py').first().waitFor()
  await page.locator('.excerpt').getByText('ValueError: cannot do').first().waitFor()
  assert.ok((await text(page)).includes(`backlot rerun ${failed.pathspec} --failed`))
  await close(page)
  const chaos = await newest('Chaos')
  const other = await open(at(chaos))
  await other.getByText('2 ×').waitFor()
  await other.getByText('3 tasks in 2 groups').waitFor()
  await other.getByText('std::runtime_error at Chaos::work').waitFor()
  await other.getByText('killed by signal 6: Aborted').waitFor()
  // The log of each group stands beside it: of the first unasked.
  const logs = other.getByRole('button', { name: 'log', exact: true })
  assert.equal(await logs.first().getAttribute('aria-pressed'), 'true')
  await logs.nth(1).click()
  assert.deepEqual(await logs.evaluateAll((buttons) => buttons.map((button) => button.getAttribute('aria-pressed'))), ['false', 'true'])
  await close(other)
})

test('a log is read, searched, and followed to its first error', async () => {
  const failed = await newest('Failing')
  const page = await open(`${at(failed)}/tasks/3`)
  const log = page.getByRole('region', { name: 'Lines of the log' })
  await log.getByText('ValueError: cannot do bad').waitFor()
  assert.equal(await log.getByText('working on bad', { exact: true }).count(), 0) // it is windows away
  const red = log.getByText('red', { exact: true })
  assert.notEqual(await red.evaluate((e) => getComputedStyle(e).color), await log.getByText(' plain').evaluate((e) => getComputedStyle(e).color))
  await page.getByRole('searchbox', { name: 'Search the log' }).fill('NEEDLE')
  await page.keyboard.press('Enter')
  await log.locator('.marked', { hasText: 'line 1234 needle' }).waitFor()
  assert.match(page.url(), /at=\d+/)
  await page.reload()
  await log.locator('.marked', { hasText: 'line 1234 needle' }).waitFor()
  await page.getByRole('button', { name: 'First error' }).click()
  await log.locator('.marked').getByText(/Traceback|Error|failed/).waitFor()
  await page.getByRole('button', { name: 'Start' }).click()
  await log.getByText('working on bad', { exact: true }).waitFor()
  for (let i = 0; i < 20 && !(await log.getByText('ValueError: cannot do bad').count()); ++i) {
    await log.evaluate((e) => e.scrollTo(0, e.scrollHeight))
    await page.waitForTimeout(150)
  }
  assert.ok(await log.getByText('ValueError: cannot do bad').count())
  await close(page)
})

test('runs are filtered, and the address keeps it', async () => {
  const page = await open('/')
  await page.getByLabel('State').selectOption('failed')
  await page.getByLabel('Flow').selectOption('Failing')
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1)
  assert.match(page.url(), /state=failed/)
  await page.reload()
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1)
  await page.keyboard.press('/')
  await page.keyboard.type('nothing is called so')
  await page.getByText('No run fits').waitFor()
  await page.getByRole('button', { name: 'Clear' }).click()
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length > 1)
  await close(page)
})

test('new runs wait to be asked for, and nothing jumps', async () => {
  const page = await open('/')
  await page.locator('tbody tr').first().waitFor()
  const first = await page.locator('[data-row]').first().getAttribute('href')
  const where = await page.locator('tbody tr').first().boundingBox()
  run('chaos', 'run', 'Chaos', '--quiet')
  const fresh = page.getByRole('button', { name: '1 new' })
  await fresh.waitFor()
  assert.equal(await page.locator('[data-row]').first().getAttribute('href'), first)
  assert.deepEqual(await page.locator('tbody tr').first().boundingBox(), where)
  await fresh.click()
  assert.match(await page.locator('tbody tr').first().innerText(), /Chaos/)
  await close(page)
})

test('two runs are compared', async () => {
  const page = await open('/?flow=Chaos')
  await page.getByRole('checkbox').nth(1).waitFor()
  await page.getByRole('checkbox').nth(0).check()
  await page.getByRole('checkbox').nth(1).check()
  await page.getByRole('button', { name: 'Compare the two' }).click()
  await page.getByRole('region', { name: 'Parameters' }).getByText('["ok", "throw", "throw", "abort"]').waitFor()
  await page.getByRole('heading', { name: 'Time in tasks' }).waitFor()
  await close(page)
})

test('a run is cancelled, tagged and resumed', async () => {
  const sleeping = spawn(join(programs, 'chaos'), ['run', 'Chaos', '--items', '["sleep:60"]', '--quiet'], { env })
  let living
  while (!(living = (await get('runs?state=running')).runs[0])?.tasks) await new Promise((r) => setTimeout(r, 50))
  const page = await open(at(living))
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  await page.getByRole('button', { name: 'Cancel this run?' }).click()
  await page.locator('h1 + .state.cancelled').waitFor({ timeout: 20000 })
  assert.notEqual(sleeping.exitCode ?? (await new Promise((resolve) => sleeping.once('exit', resolve))), 0)
  await page.getByRole('button', { name: '+ tag' }).click()
  await page.getByLabel('New tag').fill('looked at')
  await page.keyboard.press('Enter')
  await page.locator('.chip', { hasText: 'looked at' }).waitFor()
  await close(page)

  writeFileSync(env.MENDED, '')
  const failed = await newest('Failing')
  const other = await open(at(failed))
  await other.getByRole('button', { name: 'Resume', exact: true }).click()
  await other.getByRole('button', { name: /^Resume:/ }).click()
  await other.locator('h1 + .state.done').waitFor({ timeout: 20000 })
  await other.locator('.facts-row', { hasText: 'resumed from' }).locator(`a[href="${at(failed)}"]`).waitFor()
  await close(other)
})

/** A run of Chaos that goes on until its process is killed, once it has begun. */
async function startSleeping(...more) {
  const before = (await get('runs?flow=Chaos&limit=1')).runs[0]?.run
  const process = spawn(join(programs, 'chaos'), ['run', 'Chaos', '--items', '["sleep:60"]', '--quiet', ...more], { env })
  let found
  while (!((found = (await get('runs?flow=Chaos&limit=1')).runs[0]).run !== before && found.tasks)) await new Promise((r) => setTimeout(r, 50))
  return { process, run: found }
}

test('the page of the last run stays with that run, and so does what it does', async () => {
  const first = await startSleeping()
  const page = await open('/runs/Chaos/last?tab=tasks')
  await page.locator(`h1[title="${first.run.pathspec}"]`).waitFor()
  assert.equal(new URL(page.url()).pathname + new URL(page.url()).search, `${at(first.run)}?tab=tasks`)
  const second = await startSleeping()
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  await page.getByRole('button', { name: 'Cancel this run?' }).click()
  await page.locator('h1 + .state.cancelled').waitFor({ timeout: 20000 })
  assert.equal((await get(`runs/${second.run.pathspec}`)).state, 'running')
  await close(page)
  const task = await open('/runs/Chaos/last/tasks/1')
  await task.waitForURL(url(`${at(second.run)}/tasks/1`))
  await close(task)
  second.process.kill('SIGKILL')
})

test('a second resume is refused, with a link to the first and the command that does it all the same', async () => {
  const { process, run: origin } = await startSleeping()
  process.kill('SIGKILL')
  const page = await open(at(origin))
  await page.locator('h1 + .state.lost').waitFor({ timeout: 20000 })
  const resume = async () => {
    await page.getByRole('button', { name: 'Resume', exact: true }).click()
    await page.getByRole('button', { name: /^Resume:/ }).click()
  }
  await resume()
  await page.waitForURL((address) => address.pathname !== at(origin))
  const resuming = await newest('Chaos')
  assert.deepEqual([resuming.origin, resuming.state], [origin.pathspec, 'running'])
  await page.goto(url(at(origin)))
  await resume()
  const trouble = page.getByRole('alert')
  await trouble.getByText(`${resuming.pathspec} is resuming the same run`).waitFor()
  await trouble.getByText(`backlot rerun ${origin.pathspec} --failed --anyway`, { exact: true }).waitFor()
  await trouble.getByRole('link', { name: `Go to ${resuming.pathspec}` }).click()
  await page.waitForURL(url(at(resuming)))
  run('backlot', 'cancel', resuming.pathspec)
  await page.locator('h1 + .state.cancelled').waitFor({ timeout: 20000 })
  // The browser notes the 409 by itself.
  assert.equal(page.complaints.filter((text) => !text.includes('409')).length, 0, String(page.complaints))
  await page.close()
})

test('values are shown to the last digit, in value, table, parameters, copy and comparison', async () => {
  run('backlot', 'run', fileURLToPath(new URL('exact.py', import.meta.url)))
  run('backlot', 'run', fileURLToPath(new URL('exact.py', import.meta.url)), '--number', '12345678901234567')
  const [second, first] = (await get('runs?flow=Exact')).runs
  const shown = { odd: '9007199254740993', unsigned: '12345678901234567890', beyond: String(2n ** 70n + 1n), nothing: 'NaN', zero: '-0.0', one: '1.0' }
  const page = await open(at(first) + '?tab=parameters')
  await page.getByText('9007199254740993', { exact: true }).waitFor()
  for (const [name, value] of Object.entries(shown)) {
    await page.goto(url(`${at(first)}/tasks/1/artifacts/${name}`))
    await page.locator('.big', { hasText: value }).waitFor()
    assert.equal(await page.locator('.big').innerText(), value)
  }
  await page.goto(url(`${at(first)}/tasks/1/artifacts/raw`))
  await page.getByText('b"\\x00a"').waitFor()
  await page.goto(url(`${at(first)}/tasks/1/artifacts/ints`))
  await page.getByRole('cell', { name: '9007199254740993', exact: true }).waitFor()
  await page.goto(url(`${at(first)}/tasks/1/artifacts/complex`))
  await page.getByRole('cell', { name: '1.0+2.0i', exact: true }).waitFor()
  await page.goto(url(`${at(first)}/tasks/1/artifacts/mixed`))
  await browser.grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: 'Copy the value' }).click()
  const copied = await page.evaluate(() => navigator.clipboard.readText())
  assert.equal(copied, '[9007199254740993, Infinity, -0.0, "NaN", 1.0, {"$float": "no"}]')
  await page.goto(url(`/compare?a=${first.pathspec}&b=${second.pathspec}`))
  await page.getByRole('region', { name: 'Parameters' }).getByText('12345678901234567', { exact: true }).waitFor()
  await page.getByRole('region', { name: 'Parameters' }).getByText('9007199254740993', { exact: true }).waitFor()
  await close(page)
})

const GROWING = `
import os, sys, time
from metaflow import FlowSpec, step
class Growing(FlowSpec):
    @step
    def start(self):
        out = sys.stdout
        def say(data):
            os.write(1, data); time.sleep(0.15)
        say(b"first\\nhal")
        os.write(2, b"an error\\n"); time.sleep(0.15)
        say(b"f\\ngr\\xc3")
        say(b"\\xbc\\xc3\\x9fe\\n")
        for i in range(0, 101, 10):
            say(b"\\r%d%%" % i)
        say(b"\\nafter")
        while not os.path.exists(os.environ["MENDED"] + ".go"): time.sleep(0.05)
        say(b" all\\nlast\\n")
        while not os.path.exists(os.environ["MENDED"] + ".stop"): time.sleep(0.05)
        self.next(self.end)
    @step
    def end(self):
        pass
if __name__ == "__main__":
    Growing()
`

test('a log that was watched has the lines of one that is read, progress bars too', async () => {
  const file = join(folder, 'growing.py')
  writeFileSync(file, GROWING)
  const process = spawn(join(programs, 'backlot'), ['run', file], { env, cwd: folder, stdio: 'ignore' })
  let growing
  while (!(growing = (await get('runs?flow=Growing')).runs[0])?.tasks) await new Promise((r) => setTimeout(r, 50))
  const page = await open(`${at(growing)}/tasks/1`)
  const log = page.getByRole('region', { name: 'Lines of the log' })
  await log.getByText('after', { exact: true }).waitFor()
  writeFileSync(env.MENDED + '.go', '')
  await log.getByText('last', { exact: true }).waitFor()
  const lines = () => log.locator('.text').allInnerTexts()
  const watched = await lines()
  assert.deepEqual(watched, ['first', 'half', 'an error', 'grüße', '100%', 'after all', 'last'])
  await page.reload()
  await log.getByText('last', { exact: true }).waitFor()
  assert.deepEqual(await lines(), watched)
  // A search without a hit says so; letters of any case are found, and marked within the line.
  const search = page.getByRole('searchbox', { name: 'Search the log' })
  await search.fill('nowhere')
  await page.keyboard.press('Enter')
  await page.getByText('no line has “nowhere”').waitFor()
  await search.fill('GRÜß')
  await page.keyboard.press('Enter')
  await log.locator('.hit', { hasText: 'grüß' }).waitFor()
  assert.deepEqual(await log.locator('.hit').allInnerTexts(), ['grüß'])
  writeFileSync(env.MENDED + '.stop', '')
  await new Promise((resolve) => process.once('exit', resolve))
  await close(page)
})

test('what a log leaves out is shown where it is missing, with how much', async () => {
  run('chaos', 'run', 'Chaos', '--items', '["flood:0.2"]', '--max-log-size', '20K', '--quiet')
  const flooded = await newest('Chaos')
  const task = (await get(`runs/${flooded.pathspec}/tasks?step=work`)).tasks[0]
  const page = await open(`${at(flooded)}/tasks/${task.task}`)
  const gap = page.locator('.lines .gap')
  await page.getByRole('button', { name: 'Start' }).click()
  await gap.waitFor()
  assert.match(await gap.innerText(), /^[\d.]+ [KM]iB, [\d\u202f]+ lines? of out left out here/)
  await close(page)
})

test('durations go by the clock of the server', async () => {
  const { process, run: living } = await startSleeping()
  const page = await browser.newPage()
  await page.clock.install({ time: Date.now() - 3 * 3600_000 })
  await page.goto(url(at(living)))
  await page.locator('h1 + .state.running').waitFor()
  const took = async () => /took\s+(.*)/.exec(await text(page))[1]
  assert.match(await took(), /^[\d.]+ m?s/)
  await page.getByRole('tab', { name: /^Tasks/ }).click()
  await page.getByRole('link', { name: 'work/2', exact: true }).waitFor()
  const row = page.getByRole('row', { name: /work\/2/ })
  assert.match(await row.innerText(), /\d (m?s)/)
  process.kill('SIGKILL')
  await page.goto(url(at(living)))
  await page.locator('h1 + .state.lost').waitFor({ timeout: 20000 })
  await page.locator('td .state.lost').first().waitFor()
  assert.equal(await page.locator('.state.running').count(), 0)
  await page.goto(url('/flows/Chaos'))
  await page.locator('.cell.lost').first().waitFor()
  await page.close()
})

test('the graph is laid out beside the page, zoomed, and fills the screen', async () => {
  const page = await open(at(await newest('Failing')))
  const drawing = page.getByRole('region', { name: 'Drawing of the graph' })
  await drawing.getByRole('link', { name: /work/ }).waitFor()
  assert.equal(await drawing.locator('.edge').getAttribute('data-edges'), '4')
  const wide = async () => (await drawing.locator('svg').boundingBox()).width
  const before = await wide()
  await page.getByRole('button', { name: 'Larger' }).click()
  assert.ok((await wide()) > before * 1.2)
  await page.getByRole('button', { name: 'Full screen' }).click()
  assert.equal((await page.getByRole('region', { name: 'Graph', exact: true }).boundingBox()).height, 900)
  await page.keyboard.press('Escape')
  assert.ok((await page.getByRole('region', { name: 'Graph', exact: true }).boundingBox()).height < 700)
  assert.ok(await page.evaluate(() => Object.keys(sessionStorage).some((key) => key.startsWith('backlot-layout-2:'))))
  await close(page)
})

test('a graph of 500 steps is drawn whole, a larger one collapsed, and one that cannot be drawn says so', async () => {
  const failed = await newest('Failing')
  const shown = (count) => openWithGraph(browser, url(''), failed.pathspec, layers(count))
  const page = await shown(500)
  await page.waitForFunction(() => document.querySelectorAll('.graph .box').length === 500)
  assert.equal(await page.locator('.graph .edge').getAttribute('data-edges'), String(layers(500).edges.length))
  await page.close()
  const large = await shown(1200)
  await large.getByText(/1\u202f200 steps, drawn as \d+ boxes/).waitFor()
  await large.waitForFunction(() => document.querySelectorAll('.graph .box').length > 0)
  await large.close()
  const broken = await openWithGraph(browser, url(''), failed.pathspec, layers(30), (page) => page.route('**/worker-*.js', (route) => route.abort()))
  await broken.getByText('The graph could not be drawn').waitFor()
  await broken.getByRole('link', { name: 'start', exact: true }).waitFor()
  await broken.close()
})

test('artifacts are shown for what they are, and a card is shut in', async () => {
  const done = await newest('Failing')
  const { task } = (await get(`runs/${done.pathspec}/tasks?step=join`)).tasks[0]
  const page = await open(`${at(done)}/tasks/${task}?tab=artifacts`)
  await page.getByRole('link', { name: 'numbers' }).click()
  await page.getByRole('region', { name: 'Value' }).getByText('1.5').waitFor()
  await close(page)
  // The browser says in its console what it kept the card from doing.
  const card = await open(`${at(done)}/tasks/${task}/artifacts/card`)
  await card.frameLocator('iframe').getByText('card', { exact: true }).waitFor() // it waits
  await card.waitForFunction(() => document.querySelector('iframe').clientHeight < 300) // our own script has run
  await card.getByRole('button', { name: 'Run its scripts' }).click()
  await card.frameLocator('iframe').getByText('null no cookies no parent no network').waitFor()
  assert.ok(card.complaints.every((complaint) => /sandbox|Content.Security.Policy|CORS|Failed to load|SecurityError/.test(complaint)), card.complaints)
  await card.close()
})

test('what people write stays text on every page', async () => {
  const { runs } = await get('runs?flow=Failing')
  for (const { pathspec, flow, run: id } of runs) {
    const { tasks } = await get(`runs/${pathspec}/tasks`)
    const paths = ['', '?tab=tasks', '?tab=parameters', '?tab=details', '/parameters/note', ...tasks.map((t) => `/tasks/${t.task}`)]
    for (const path of [...paths.map((p) => `/runs/${flow}/${id}${p}`), '/', '/?tag=' + encodeURIComponent(HOSTILE), '/flows/Failing', `/compare?a=${runs[0].pathspec}&b=${pathspec}`]) {
      const page = await open(path)
      await page.waitForTimeout(150)
      assert.equal(await page.evaluate(() => window.pwned), undefined, path)
      assert.equal(await page.locator('main img[src=x]').count(), 0, path)
      await close(page)
    }
  }
})

test('a run that failed without a failed task says why', async () => {
  run('backlot', 'run', fileURLToPath(new URL('too_wide.py', import.meta.url)))
  const page = await open('/runs/TooWide/last')
  await page.getByRole('region', { name: 'What failed' }).getByText(/200 items, more than the limit of 100/).waitFor()
  await close(page)
})

test('after the server was killed the page goes on, exactly', async () => {
  const live = spawn(join(programs, '../tests/console_fixture'), [env.BACKLOT_HOME, 'live', '100', '4'], { env })
  const pathspec = String(await new Promise((resolve) => live.stdout.once('data', resolve))).trim()
  const page = await open(`/runs/${pathspec}?tab=tasks`)
  await page.waitForFunction(() => /\d\d\/\d/.test(document.querySelector('main').innerText))
  await page.getByRole('link', { name: 'start/1', exact: true }).waitFor()
  const late = await open('/flows')
  await late.getByRole('link', { name: 'Failing' }).first().waitFor()
  server.kill('SIGKILL')
  // A page that is gone to while nobody answers is filled when somebody does.
  await late.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Runs' }).click()
  await late.getByText('The server does not answer.').waitFor()
  await page.getByText(/No connection to the server. What you see is as of \d\d:\d\d:\d\d/).waitFor()
  await page.getByRole('link', { name: 'start/1', exact: true }).waitFor() // what is shown stays
  await serve(port)
  await page.locator('h1 + .state.done').waitFor({ timeout: 20000 })
  assert.match(await text(page), /tasks\s+401\/401/)
  await late.locator('main table').waitFor({ timeout: 20000 })
  for (const one of [page, late]) {
    one.complaints.splice(0) // the browser says that it could not connect for a while
    await close(one)
  }
})

// By a name that is not localhost, over http: no locks, and six connections for all tabs of the browser.
for (const host of ['127.0.0.1', 'console.test'])
  test(`twelve tabs share one stream (${host})`, async (context) => {
    const live = spawn(join(programs, '../tests/console_fixture'), [env.BACKLOT_HOME, 'live', '20', '40'], { env })
    const pathspec = String(await new Promise((resolve) => live.stdout.once('data', resolve))).trim()
    const streams = async () => Number(/backlot_event_streams (\d+)/.exec(await (await ask('/metrics')).text())[1])
    // Half a second of it, for while one tab hands over to another there are none or two for a moment. That may take long
    // on a machine that has other work to do.
    const one = async (why) => {
      let steady = 0
      for (let i = 0; i < 600 && steady < 5; ++i) {
        steady = (await streams()) === 1 ? steady + 1 : 0
        await new Promise((r) => setTimeout(r, 100))
      }
      assert.equal(steady, 5, why)
    }
    const there = `http://${host}:${port}`
    await signIn(browser, there + '/', token)
    const tabs = []
    context.after(async () => {
      for (const tab of tabs) await tab.close()
      live.kill()
    })
    for (let i = 0; i < 12; ++i) {
      const page = await browser.newPage()
      await page.addInitScript(() => {
        const Plain = EventSource
        window.EventSource = class extends Plain {
          constructor(address) {
            super(address)
            window.holds = this
          }
        }
      })
      await page.goto(there + (i % 2 ? '/' : '/runs/' + pathspec))
      tabs.push(page)
    }
    await one('opened')
    const asked = (page) => page.evaluate(() => window.holds !== undefined && window.holds.readyState !== EventSource.CLOSED)
    const leaderOf = async (pages, why) => {
      for (let i = 0; i < 600; ++i) {
        for (const page of pages) if (await asked(page)) return page
        await new Promise((r) => setTimeout(r, 100))
      }
      assert.fail(why)
    }
    const first = await leaderOf(tabs, 'one leads')
    const rest = () => tabs.filter((tab) => tab !== first && !tab.isClosed())
    await first.evaluate(() => {
      Object.defineProperty(document, 'hidden', { value: true, configurable: true })
      document.dispatchEvent(new Event('visibilitychange'))
    })
    const second = await leaderOf(rest(), 'a tab that is seen takes over from a hidden one')
    await one('hidden')
    const frozen = await browser.newCDPSession(second)
    await frozen.send('Debugger.enable')
    await frozen.send('Debugger.pause') // nothing of it runs any more; its stream stays open
    const crashed = await leaderOf(rest().filter((tab) => tab !== second), 'another takes over from a frozen one')
    await one('frozen')
    await frozen.send('Debugger.disable') // it wakes, and hears that another leads
    await one('awake')
    const crash = new Promise((resolve) => crashed.once('crash', resolve))
    const session = await browser.newCDPSession(crashed)
    session.send('Page.crash').catch(() => {})
    await crash
    const last = rest().filter((tab) => tab !== crashed)
    await leaderOf(last, 'another takes over from a crashed one')
    await one('crashed')
    // What a tab says that led once and wakes without its stream is not believed for long.
    await last[0].evaluate(() => new BroadcastChannel('backlot-live').postMessage({ kind: 'health', health: 'connecting' }))
    await last[1].waitForTimeout(3500)
    for (const page of last) assert.equal(await page.getByText('No connection to the server').count(), 0)
    for (const page of last.slice(-2)) {
      await page.bringToFront()
      const running = page.url().includes('/runs/') ? page.locator('h1 + .state.running, h1 + .state.done') : page.locator('tbody tr', { has: page.locator(`a[href*="${pathspec}"]`) })
      await running.first().waitFor({ timeout: 20000 })
    }
  })

test('every page can be used by everybody (axe, WCAG AA)', async () => {
  const done = await newest('Failing')
  const chaos = await newest('Chaos')
  const { task } = (await get(`runs/${done.pathspec}/tasks?step=join`)).tasks[0]
  const failed = (await get('runs?state=failed&flow=Chaos')).runs[0]
  const paths = ['/', '/?state=failed', '/flows', '/flows/Failing', at(done), at(failed), `${at(done)}?tab=timeline`, `${at(done)}?tab=tasks`, `${at(done)}?tab=parameters`, `${at(done)}?tab=details`, `${at(done)}/tasks/${task}`, `${at(done)}/tasks/${task}?tab=attempts`, `${at(done)}/tasks/${task}?tab=artifacts`, `${at(done)}/tasks/${task}?tab=links`, `${at(done)}/tasks/${task}/artifacts/numbers`, `${at(done)}/tasks/${task}/artifacts/matrix`, `/compare?a=${chaos.pathspec}&b=${done.pathspec}`, '/no/such/page']
  const found = []
  // Each page in one look, which is another one for the next; all four with BACKLOT_LOOKS=all.
  const looks = [[1440, 'light'], [390, 'dark'], [1440, 'dark'], [390, 'light']]
  for (const [i, [width, colorScheme]] of looks.entries()) {
    const page = await open('/')
    await page.setViewportSize({ width, height: 844 })
    await page.emulateMedia({ colorScheme })
    for (const path of paths.filter((_, at) => process.env.BACKLOT_LOOKS === 'all' || at % looks.length === i)) {
      await page.goto(url(path))
      await page.locator('main > *').first().waitFor()
      await page.locator('.skeleton').waitFor({ state: 'detached' })
      await page.waitForTimeout(250)
      await page.evaluate(axeSource)
      const { violations } = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }))
      for (const v of violations) found.push(`${path} ${width} ${colorScheme}: ${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.join(' ') + ' ' + (n.any[0]?.message ?? '')).join('; ')}`)
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      if (wide > 0) found.push(`${path} is ${wide} px wider than ${width}`)
    }
    await close(page)
  }
  assert.deepEqual(found, [])
})

test('a stranger is asked for a token', async () => {
  const closed = start(0, { BACKLOT_TOKEN: 'open;sesame', BACKLOT_READER_TOKEN: 'look,here' })
  const there = (await startOf(closed)).url
  const page = await browser.newPage()
  await page.goto(there)
  await page.getByLabel('Token').fill('wrong')
  await page.keyboard.press('Enter')
  await page.getByText('this token is not known').waitFor()
  await page.goto(there + '?token=wrong')
  await page.getByText('this token is not known').waitFor()
  await page.goto(there + '?token=' + encodeURIComponent('look,here'))
  await page.locator('tbody tr').first().waitFor()
  assert.ok(!page.url().includes('token'))
  const failed = (await get('runs?state=failed')).runs[0]
  await page.goto(there + at(failed).slice(1))
  assert.ok(await page.getByRole('button', { name: 'Resume', exact: true }).isDisabled())
  await page.getByRole('tab', { name: 'Details' }).click()
  await page.getByText('Pathspec').waitFor()
  assert.equal(await page.getByRole('button', { name: /^Delete/ }).count(), 0)
  // The other server's session is not touched: cookies are shared by all ports of a host.
  const other = await open('/')
  await other.locator('tbody tr').first().waitFor()
  await close(other)
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.getByLabel('Token').waitFor()
  await page.goto(there + at(failed).slice(1))
  await page.getByLabel('Token').waitFor()
  await page.close()
  closed.kill()
})

test('the browser that backlot serve opens is signed in, also below a path', async () => {
  const opener = join(folder, 'opener.sh')
  writeFileSync(opener, `#!/bin/sh\ncp "$1" ${folder}/copy.html; mv ${folder}/copy.html ${folder}/opened.html\n`, { mode: 0o755 })
  const opening = spawn(join(programs, 'backlot'), ['serve', '--port', '0', '--base-path', 'a/b', '--console', process.env.BACKLOT_CONSOLE], { env: { ...env, BROWSER: opener } })
  const { url: there } = await startOf(opening)
  while (!existsSync(join(folder, 'opened.html'))) await new Promise((r) => setTimeout(r, 50))
  const page = await browser.newPage()
  await page.goto('file://' + join(folder, 'opened.html'))
  await page.locator('tbody tr').first().waitFor()
  assert.equal(page.url(), there)
  await page.locator('tbody tr a[href*="/runs/"]').first().click()
  await page.locator('h1 + .state').waitFor()
  assert.ok(page.url().startsWith(there + 'runs/'), page.url())
  await page.reload()
  await page.locator('h1 + .state').waitFor()
  await page.goto('file://' + join(folder, 'opened.html'))
  await page.getByText('this token is not known').waitFor()
  await page.close()
  opening.kill()
})

test('a table is sorted by its heads, and the address keeps it', async () => {
  const done = await newest('Failing')
  const { tasks } = await get(`runs/${done.pathspec}/tasks`)
  const page = await open(`${at(done)}?tab=tasks`)
  const order = async () => page.locator('tbody [data-row]').evaluateAll((links) => links.map((link) => Number(link.textContent.split('/')[1])))
  const shows = (wanted) => page.waitForFunction((text) => [...document.querySelectorAll('tbody [data-row]')].map((link) => link.textContent.split('/')[1]).join() === text, wanted.join())
  const bySeconds = [...tasks].sort((a, b) => a.seconds - b.seconds || a.task - b.task).map((task) => task.task)
  await page.getByRole('button', { name: 'Took' }).click()
  await page.waitForURL(/sort=-took/)
  await page.locator('th[aria-sort=descending]', { hasText: 'Took' }).waitFor()
  const slowest = tasks.reduce((a, b) => (b.seconds > a.seconds ? b : a))
  await page.waitForFunction((task) => document.querySelector('tbody [data-row]')?.textContent.endsWith('/' + task), slowest.task)
  await page.reload()
  await page.waitForFunction((task) => document.querySelector('tbody [data-row]')?.textContent.endsWith('/' + task), slowest.task)
  await page.getByRole('button', { name: 'Took' }).click()
  await shows(bySeconds)
  await page.getByRole('button', { name: 'Took' }).click()
  await page.locator('th[aria-sort=none]', { hasText: 'Took' }).waitFor()
  await shows([...tasks].map((task) => task.task))
  assert.deepEqual(await order(), tasks.map((task) => task.task))

  await page.goto(url('/?sort=-tasks'))
  await page.locator('tbody tr').first().waitFor()
  const sizes = (await get('runs?sort=-tasks')).runs
  assert.equal(await page.locator('tbody [data-row]').first().getAttribute('href'), at(sizes[0]))
  for (const [path, head] of [[at(done), 'Took'], ['/flows', 'Runs'], ['/flows/Failing', 'Took'], [`${at(done)}?tab=parameters`, 'Type'], [`${at(done)}/tasks/${slowest.task}?tab=artifacts`, 'Size'], [`/compare?a=${done.pathspec}&b=${done.pathspec}`, 'Parameters']]) {
    await page.goto(url(path))
    await page.getByRole('main').getByRole('button', { name: head, exact: true }).first().click()
    await page.locator('th[aria-sort=descending], th[aria-sort=ascending]', { hasText: head }).first().waitFor()
  }
  await close(page)
})

test('values of any size are opened, searched and paged, by rows and by columns', async () => {
  const done = await newest('Failing')
  const { task } = (await get(`runs/${done.pathspec}/tasks?step=join`)).tasks[0]
  const page = await open(`${at(done)}/tasks/${task}/artifacts/large`)
  const value = page.getByRole('region', { name: 'Value' })
  await value.getByText('key 99', { exact: true }).waitFor()
  assert.equal(await value.getByText('key 100', { exact: true }).count(), 0)
  await value.getByRole('button', { name: /more of 20/ }).click()
  await value.getByText('key 100', { exact: true }).waitFor()
  await value.getByRole('searchbox').fill('NEEDLE')
  await page.keyboard.press('Enter')
  await value.locator('.marked').getByText('"needle"').waitFor()
  await value.getByRole('navigation').getByText('key 15000').waitFor()
  await page.reload()
  await value.locator('.marked').getByText('"needle"').waitFor()
  await value.getByRole('button', { name: 'whole value' }).click()
  await value.getByText('key 0', { exact: true }).waitFor()
  await value.getByRole('searchbox').fill('there is no such thing')
  await page.keyboard.press('Enter')
  await value.getByText('nothing found').waitFor()

  await page.goto(url(`${at(done)}/tasks/${task}/artifacts/matrix`))
  await value.getByText('columns 0–49 of 100').waitFor()
  await value.getByRole('button', { name: 'Next columns' }).click()
  await value.getByRole('columnheader', { name: '99' }).waitFor()
  await value.getByRole('button', { name: '99', exact: true }).click()
  await page.waitForFunction(() => document.querySelector('tbody td').textContent === '2') // the row with the largest comes first
  // Points stand under each other.
  const cells = await value.locator('tbody td:nth-child(2) .figure').allTextContents()
  assert.equal(new Set(cells.map((cell) => cell.length - cell.indexOf('.'))).size, 1)
  await page.goto(url(`${at(done)}/tasks/${task}/artifacts/turned`))
  await value.getByText('user⟦U+202E⟧txt.exe').waitFor()
  await close(page)
})

test('one goes anywhere by typing, also into the address', async () => {
  const failed = (await get('runs?flow=Failing&state=failed')).runs[0]
  const page = await open('/flows')
  await page.getByRole('link', { name: 'Failing', exact: true }).waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Flow, run or pathspec' }).fill(`${failed.pathspec}/work/3`)
  await page.keyboard.press('Enter')
  await page.waitForURL(/tasks\/3$/)
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Flow, run or pathspec' }).fill('failin')
  await page.getByRole('option', { name: /Failing\/last/ }).waitFor()
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/flows\/Failing$/)
  for (const [guess, place] of [[`/${failed.pathspec}`, at(failed)], [`/${failed.pathspec}/work`, `${at(failed)}?tab=tasks&step=work`], [`/${failed.pathspec}/work/[1]`, null], ['/Failing', '/flows/Failing'], ['/runs/Failing', '/flows/Failing'], [`${at(failed)}/work/3`, `${at(failed)}/tasks/3`]]) {
    await page.goto(url(guess))
    if (place) await page.waitForURL(url(place))
    else await page.getByRole('heading', { name: 'work/3' }).waitFor()
  }
  await page.goto(url('/no/such/page'))
  await page.getByRole('heading', { name: 'There is no such page' }).waitFor()
  await close(page)
})

test('the title and the icon tell the state, and short ids have the whole one to copy', async () => {
  const failed = (await get('runs?flow=Failing&state=failed')).runs[0]
  const page = await open(at(failed))
  const short = '…' + String(failed.run).slice(-6)
  await page.getByRole('heading', { name: `Failing/${short}` }).waitFor()
  assert.equal(await page.title(), `✗ Failing/${short} failed · Backlot`)
  assert.match(await page.locator('link[rel=icon]').getAttribute('href'), /favicon-failed/)
  assert.equal((await page.request.get(url('/favicon-failed.svg'))).status(), 200)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  await page.getByRole('button', { name: `Copy ${failed.pathspec}`, exact: true }).first().click()
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), failed.pathspec)
  await page.getByRole('link', { name: 'Runs', exact: true }).first().click()
  await page.waitForFunction(() => document.title === 'Runs · Backlot')
  assert.match(await page.locator('link[rel=icon]').getAttribute('href'), /favicon\.svg/)
  await close(page)
})

test('times are in the zone that the head names, and say how long ago that is', async () => {
  const done = await newest('Failing')
  const page = await browser.newPage()
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setTimezoneOverride', { timezoneId: 'Asia/Kolkata' })
  await page.goto(url(at(done)))
  const clock = (minutes) => new Date(Date.parse(done.created) + minutes * 60000).toISOString().slice(11, 19)
  await page.locator('.facts-row time', { hasText: clock(330) }).waitFor()
  assert.match(await page.locator('.facts-row time').first().innerText(), /(now|ago)$/)
  await page.getByRole('button', { name: 'times are in Asia/' }).click()
  await page.locator('.facts-row time', { hasText: clock(0) }).waitFor()
  await page.reload()
  await page.getByRole('button', { name: 'UTC: times are in UTC; switch' }).click()
  await page.close()
})

test('tabs are in the history and keep their filters, and Back keeps the scroll', async () => {
  const done = await newest('Failing')
  const page = await open(`${at(done)}?tab=tasks`)
  await page.getByLabel('Step').selectOption('work')
  await page.waitForURL(/step=work/)
  await page.getByRole('tab', { name: 'Timeline' }).click()
  await page.waitForURL(/tab=timeline$/)
  await page.getByRole('tab', { name: /^Tasks/ }).click()
  await page.waitForURL(/tab=tasks&step=work|step=work&tab=tasks/)
  await page.goBack()
  await page.waitForURL(/tab=timeline$/)
  await page.goBack()
  await page.waitForURL(/step=work/)
  await page.setViewportSize({ width: 900, height: 320 })
  await page.goto(url('/'))
  await page.locator('tbody tr').last().waitFor()
  await page.evaluate(() => window.scrollTo(0, 140))
  await page.waitForTimeout(100)
  const scrolled = await page.evaluate(() => scrollY)
  assert.ok(scrolled > 0)
  await page.locator('tbody [data-row]').last().evaluate((link) => link.click())
  await page.waitForFunction(() => location.pathname.startsWith('/runs/') && scrollY === 0)
  await page.goBack()
  await page.waitForFunction((y) => location.pathname === '/' && scrollY === y, scrolled)
  await close(page)
})

test('the timeline has lanes that close, keys that go from task to task, and leaves the wheel to the page', async () => {
  const done = await newest('Failing')
  const page = await open(`${at(done)}?tab=timeline`)
  const lane = page.getByRole('button', { name: /^▸?work/ })
  await lane.waitFor()
  assert.equal(await lane.getAttribute('aria-expanded'), 'true')
  const height = () => page.locator('canvas').evaluate((canvas) => canvas.getBoundingClientRect().height)
  const before = await height()
  await lane.click()
  assert.equal(await lane.getAttribute('aria-expanded'), 'false')
  assert.ok((await height()) < before)
  await lane.click()
  await page.locator('canvas').focus()
  await page.keyboard.press('ArrowDown')
  await page.locator('.tip', { hasText: 'start/1 · done' }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.locator('.tip', { hasText: 'work/' }).waitFor()
  await page.setViewportSize({ width: 1200, height: 400 })
  const box = await page.locator('canvas').boundingBox()
  await page.mouse.move(box.x + 200, Math.min(380, box.y + 40))
  await page.mouse.wheel(0, 120)
  await page.waitForFunction(() => scrollY > 0)
  assert.equal(await page.locator('canvas').evaluate((canvas) => getComputedStyle(canvas).touchAction), 'pan-y')
  await page.mouse.move(2, 2)
  await page.locator('canvas').focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/tasks\/1$/)

  await page.setViewportSize({ width: 1440, height: 900 })
  await page.goto(url(`${at(done)}?tab=tasks`))
  const cells = page.getByRole('img', { name: /^[1-9]\d* tasks as cells/ }) // once they are there
  await cells.focus()
  await page.keyboard.press('ArrowRight')
  await page.getByText('start/1 · done').waitFor()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('Enter')
  await page.waitForURL(/\/tasks\/2$/)
  await close(page)
})

test('the grid of a flow is one stop of Tab, and its tip follows the focus', async () => {
  const page = await open('/flows/Failing')
  await page.locator('[data-cell]').first().waitFor()
  assert.equal(await page.locator('[data-cell][tabindex="0"]').count(), 1)
  await page.locator('[data-cell][tabindex="0"]').focus()
  await page.keyboard.press('ArrowDown')
  await page.getByRole('tooltip').getByText('start: 1 of 1 done').waitFor()
  await page.keyboard.press('ArrowDown')
  await page.getByRole('tooltip').getByText(/work: /).waitFor()
  assert.equal(await page.locator('[data-cell][tabindex="0"]').count(), 1)
  await page.keyboard.press('Enter')
  await page.waitForURL(/tab=tasks&step=work/)
  await close(page)
})

test('filters and tags keep one line whatever their length', async () => {
  const done = await newest('Failing')
  const tags = Array.from({ length: 9 }, (_, i) => `${i} is a tag of which nobody wants to see all the words`)
  run('backlot', 'tag', done.pathspec, ...tags)
  const page = await open('/')
  for (const width of [1440, 900, 390]) {
    await page.setViewportSize({ width, height: 844 })
    await page.goto(url('/?tag=' + encodeURIComponent(tags[0]) + '&flow=Failing'))
    await page.locator('tbody tr').first().waitFor()
    assert.ok((await page.locator('form.filters').boundingBox()).height < 50, `filters at ${width}`)
    if (width > 640) assert.ok((await page.locator('tbody td.tags').first().boundingBox()).height < 60, `tags at ${width}`)
    await page.goto(url(at(done)))
    assert.ok((await page.locator('.facts-row .line').boundingBox()).height < 40, `tags of a run at ${width}`)
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, `a run at ${width}`)
  }
  await page.getByRole('button', { name: /^\+\d/ }).click()
  await page.getByText(tags[8]).waitFor()
  run('backlot', 'tag', done.pathspec, '--remove', ...tags)
  await close(page)
})

test('a card is as high as it is, and as dark as the page when it can be', async () => {
  const done = await newest('Failing')
  const { task } = (await get(`runs/${done.pathspec}/tasks?step=join`)).tasks[0]
  const page = await open(`${at(done)}/tasks/${task}/artifacts/card`)
  await page.waitForFunction(() => document.querySelector('iframe')?.getBoundingClientRect().height < 120)
  await page.getByRole('button', { name: /^Theme/ }).click()
  await page.getByRole('button', { name: /^Theme/ }).click()
  assert.equal(await page.locator('iframe').evaluate((frame) => getComputedStyle(frame).colorScheme), 'dark')
  await page.getByRole('button', { name: /^Theme/ }).click()
  await page.close()
})

test('internals of a flow are not among its parameters', async () => {
  const done = await newest('Failing')
  const page = await open(`${at(done)}?tab=parameters`)
  await page.getByRole('link', { name: 'note', exact: true }).waitFor()
  assert.deepEqual(await page.locator('tbody [data-row]').allTextContents(), ['note'])
  await close(page)
})

test('runs are deleted when what that means was confirmed', async () => {
  run('chaos', 'run', 'Chaos', '--quiet')
  run('chaos', 'run', 'Chaos', '--quiet')
  const [first, second] = (await get('runs?flow=Chaos&state=done')).runs
  const page = await open('/?flow=Chaos')
  for (const chosen of [first, second]) await page.getByLabel(`Choose ${chosen.pathspec}`).check()
  await page.getByRole('button', { name: 'Delete 2 …' }).click()
  const dialog = page.getByRole('dialog', { name: 'Delete 2 runs?' })
  await dialog.getByText(second.pathspec, { exact: true }).waitFor()
  await dialog.getByText(/that nothing else needs/).waitFor()
  await dialog.getByText('no other run').waitFor()
  await dialog.getByRole('button', { name: 'Keep' }).click()
  assert.equal((await get('runs?flow=Chaos&state=done')).runs[0].pathspec, first.pathspec)
  await page.getByRole('button', { name: 'Delete 2 …' }).click()
  await dialog.getByRole('button', { name: 'Delete 2 runs' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.waitForFunction((label) => !document.querySelector(`[aria-label="Choose ${label}"]`), first.pathspec)
  assert.ok(!(await get('runs?flow=Chaos')).runs.some((left) => [first.pathspec, second.pathspec].includes(left.pathspec)))
  await close(page)
})

test('until something has come there is a skeleton, and what has come stays when asking again fails', async () => {
  const page = await browser.newPage()
  let open
  const gate = new Promise((resolve) => (open = resolve))
  let status = 200
  await page.route('**/api/v1/flows', async (route) => {
    await gate
    if (status === 200) await route.continue()
    else await route.fulfill({ status, json: { error: { code: 'internal', message: 'the catalog is out' } } })
  })
  await page.goto(url('/flows'))
  await page.getByRole('status', { name: 'Loading' }).waitFor()
  open()
  await page.getByRole('link', { name: 'Failing', exact: true }).waitFor()
  assert.equal(await page.locator('.skeleton').count(), 0)
  status = 500
  run('chaos', 'run', 'Chaos', '--quiet') // the list is asked for again
  await page.getByRole('alert').getByText('the catalog is out').waitFor()
  await page.getByRole('link', { name: 'Failing', exact: true }).waitFor()
  await page.close()
})

test('the first page is at most 100 kB, compressed', async () => {
  const html = await (await fetch(url('/'))).text()
  const files = ['/', ...[...html.matchAll(/(?:src|href)="(?:\.?\/)?(assets\/[^"]+)"/g)].map((match) => '/' + match[1])]
  let bytes = 0
  for (const file of files) bytes += gzipSync(Buffer.from(await (await fetch(url(file))).arrayBuffer())).length
  assert.ok(files.length > 2 && bytes <= 100_000, `${bytes} bytes`)
})
