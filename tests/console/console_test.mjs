// The console in a real browser, as people use it: node --test console_test.mjs, with BACKLOT_PROGRAMS and the built
// pages in BACKLOT_CONSOLE.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { fileURLToPath } from 'node:url'
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
  spawn(join(programs, 'backlot'), ['serve', '--no-browser', '--port', String(port), '--console', process.env.BACKLOT_CONSOLE, ...words], { env: { ...env, ...more } })
async function serve(fixed = 0) {
  server = start(fixed)
  ;({ port, token } = await startOf(server))
}

/** A page that must not complain. */
async function open(path, { complaints = [] } = {}) {
  const page = await browser.newPage()
  page.complaints = complaints
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
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
  rmSync(folder, { recursive: true, force: true })
})

test('a live run is watched to its end', async () => {
  const live = spawn(join(programs, '../tests/console_fixture'), [env.BACKLOT_HOME, 'live', '100', '3'], { env })
  const pathspec = String(await new Promise((resolve) => live.stdout.once('data', resolve))).trim()
  const page = await open('/runs/' + pathspec)
  await page.locator('h1 + .state.running').waitFor()
  await page.waitForFunction(() => /\d\d\/300/.test(document.querySelector('main').innerText))
  await page.locator('h1 + .state.done').waitFor({ timeout: 15000 })
  assert.match(await text(page), /tasks\s+301\/301/)
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
  await other.getByText('std::runtime_error at Chaos::work').waitFor()
  await other.getByText('killed by signal 6: Aborted').waitFor()
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
  const first = await page.locator('tbody tr').first().innerText()
  const where = await page.locator('tbody tr').first().boundingBox()
  run('chaos', 'run', 'Chaos', '--quiet')
  const fresh = page.getByRole('button', { name: '1 new' })
  await fresh.waitFor()
  assert.equal(await page.locator('tbody tr').first().innerText(), first)
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
  await page.getByRole('region', { name: 'Parameters' }).getByText('["ok","throw","throw","abort"]').waitFor()
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
  assert.match(await text(other), new RegExp('resumed from\\s+' + failed.pathspec))
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
  await page.locator('h1', { hasText: first.run.pathspec }).waitFor()
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

test('artifacts are shown for what they are, and a card is shut in', async () => {
  const done = await newest('Failing')
  const { task } = (await get(`runs/${done.pathspec}/tasks?step=join`)).tasks[0]
  const page = await open(`${at(done)}/tasks/${task}?tab=artifacts`)
  await page.getByRole('link', { name: 'numbers' }).click()
  await page.getByRole('region', { name: 'Value' }).getByText('1.5').waitFor()
  await close(page)
  // The browser says in its console what it kept the card from doing.
  const card = await open(`${at(done)}/tasks/${task}/artifacts/card`)
  await card.frameLocator('iframe').getByText('null no cookies no parent no network').waitFor()
  assert.ok(card.complaints.every((complaint) => /sandbox|Content Security Policy|CORS|Failed to load|SecurityError/.test(complaint)), card.complaints)
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

test('after the server was killed the page goes on, exactly', async () => {
  const live = spawn(join(programs, '../tests/console_fixture'), [env.BACKLOT_HOME, 'live', '100', '4'], { env })
  const pathspec = String(await new Promise((resolve) => live.stdout.once('data', resolve))).trim()
  const page = await open(`/runs/${pathspec}?tab=tasks`)
  await page.waitForFunction(() => /\d\d\/\d/.test(document.querySelector('main').innerText))
  server.kill('SIGKILL')
  await page.getByText('connecting').waitFor()
  await page.waitForTimeout(500)
  await serve(port)
  await page.locator('h1 + .state.done').waitFor({ timeout: 20000 })
  assert.match(await text(page), /tasks\s+401\/401/)
  page.complaints.splice(0) // the browser says that it could not connect for a while
  await close(page)
})

test('twelve tabs share one stream', async () => {
  const live = spawn(join(programs, '../tests/console_fixture'), [env.BACKLOT_HOME, 'live', '40', '7'], { env })
  const pathspec = String(await new Promise((resolve) => live.stdout.once('data', resolve))).trim()
  const streams = async () => Number(/backlot_event_streams (\d+)/.exec(await (await ask('/metrics')).text())[1])
  const tabs = []
  for (let i = 0; i < 12; ++i) tabs.push(await open(i % 2 ? '/' : '/runs/' + pathspec))
  await tabs[11].waitForTimeout(600)
  assert.equal(await streams(), 1)
  // The tab that holds the stream goes: another takes over.
  await close(tabs.shift())
  await tabs[0].waitForTimeout(600)
  assert.equal(await streams(), 1)
  for (const [i, page] of tabs.entries()) {
    await page.bringToFront()
    const done = i % 2 ? page.locator('h1 + .state.done') : page.locator('tbody tr', { hasText: pathspec.split('/')[1] }).locator('.state.done')
    await done.waitFor({ timeout: 20000 })
    await close(page)
  }
})

test('every page can be used by everybody (axe, WCAG AA)', async () => {
  const done = await newest('Failing')
  const chaos = await newest('Chaos')
  const { task } = (await get(`runs/${done.pathspec}/tasks?step=join`)).tasks[0]
  const failed = (await get('runs?state=failed')).runs[0]
  const paths = ['/', '/?state=failed', '/flows/Failing', at(done), at(failed), `${at(done)}?tab=timeline`, `${at(done)}?tab=tasks`, `${at(done)}?tab=parameters`, `${at(done)}?tab=details`, `${at(done)}/tasks/${task}`, `${at(done)}/tasks/${task}?tab=attempts`, `${at(done)}/tasks/${task}?tab=artifacts`, `${at(done)}/tasks/${task}?tab=links`, `${at(done)}/tasks/${task}/artifacts/numbers`, `/compare?a=${chaos.pathspec}&b=${done.pathspec}`, '/nowhere']
  const found = []
  for (const [width, colorScheme] of [[1440, 'light'], [390, 'dark']]) {
    const page = await open('/')
    await page.setViewportSize({ width, height: 844 })
    await page.emulateMedia({ colorScheme })
    for (const path of paths) {
      await page.goto(url(path))
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
  await page.locator('tbody tr a').first().click()
  await page.locator('h1 + .state').waitFor()
  assert.ok(page.url().startsWith(there + 'runs/'), page.url())
  await page.reload()
  await page.locator('h1 + .state').waitFor()
  await page.goto('file://' + join(folder, 'opened.html'))
  await page.getByText('this token is not known').waitFor()
  await page.close()
  opening.kill()
})
