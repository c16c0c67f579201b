// A headless Chromium of Debian's, driven by playwright-core out of console/node_modules.
import { createRequire } from 'node:module'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const require = createRequire(new URL('../../console/package.json', import.meta.url))
const { chromium } = require('playwright-core')
export const axeSource = require('axe-core').source

export async function openBrowser() {
  return chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), 'backlot-browser-')), {
    executablePath: '/usr/bin/chromium',
    headless: true,
    args: ['--host-resolver-rules=MAP console.test 127.0.0.1', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    viewport: { width: 1440, height: 900 },
  })
}

/** What a server says at its start, "console  http://…" and so on, by the first words; `token`: what is in that file. */
export async function startOf(server) {
  let text = ''
  for await (const piece of server.stdout) {
    text += piece
    if (/^token .*\n/m.test(text)) break
  }
  const said = Object.fromEntries(text.trim().split('\n').map((line) => line.split(/ {2,}/)))
  server.stdout.resume()
  return { url: said.console, port: Number(/:(\d+)\//.exec(said.console)[1]), folder: dirname(said.socket), token: said.token.startsWith('/') ? readFileSync(said.token, 'utf8').trim() : undefined }
}

/** Opens a session for all pages of a browser. */
export async function signIn(browser, url, token) {
  // From a page, for the names that only the browser knows.
  const page = await browser.newPage()
  await page.goto(url)
  const status = await page.evaluate(
    async ([to, secret]) => (await fetch(to, { method: 'POST', headers: { 'X-Backlot': '1' }, body: JSON.stringify({ token: secret }) })).status,
    [url + 'api/v1/session', token],
  )
  await page.close()
  if (status !== 204) throw new Error(`not signed in: ${status}`)
}
