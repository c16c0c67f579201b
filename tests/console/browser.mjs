// A headless Chromium of Debian's, driven by playwright-core out of console/node_modules.
import { createRequire } from 'node:module'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const require = createRequire(new URL('../../console/package.json', import.meta.url))
const { chromium } = require('playwright-core')
export const axeSource = require('axe-core').source

export async function openBrowser() {
  return chromium.launchPersistentContext(mkdtempSync(join(tmpdir(), 'backlot-browser-')), {
    executablePath: '/usr/bin/chromium',
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    viewport: { width: 1440, height: 900 },
  })
}
