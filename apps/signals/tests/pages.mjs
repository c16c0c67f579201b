// The pages of investigations, on a desktop and a phone, light and dark: pages.mjs URL TOKEN A B [FOLDER for pictures].
// Prints what was seen as JSON.
import { axeSource, openBrowser, signIn } from '../../../tests/console/browser.mjs'

const [url, token, a, b, pictures] = process.argv.slice(2)
const looks = [
  { name: 'desktop', size: { width: 1440, height: 900 }, scheme: 'light' },
  { name: 'desktop-dark', size: { width: 1440, height: 900 }, scheme: 'dark' },
  { name: 'phone', size: { width: 390, height: 844 }, scheme: 'light' },
  { name: 'phone-dark', size: { width: 390, height: 844 }, scheme: 'dark' },
]
const browser = await openBrowser()
await signIn(browser, url, token)
const page = await browser.newPage()
const seen = { wide: [], violations: [] }

async function look(name) {
  for (const { name: kind, size, scheme } of looks) {
    await page.setViewportSize(size)
    await page.emulateMedia({ colorScheme: scheme })
    const { content, room } = await page.evaluate(() => ({ content: document.documentElement.scrollWidth, room: innerWidth }))
    if (content > room) seen.wide.push(`${name} ${kind}: ${content} > ${room}`)
    await page.evaluate(axeSource)
    const { violations } = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'], iframes: false }))
    for (const v of violations) seen.violations.push(`${name} ${kind}: ${v.id} ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)
    if (pictures) await page.screenshot({ path: `${pictures}/${name}-${kind}.png`, fullPage: true })
  }
  await page.setViewportSize(looks[0].size)
}

await page.goto(url)
await page.getByRole('link', { name: 'Signals' }).click()
await page.getByRole('heading', { name: 'Investigations' }).waitFor()
await page.getByRole('link', { name: process.env.TARGET }).waitFor()
seen.listed = await page.locator('tbody tr').count()
await look('reports')

await page.getByRole('link', { name: process.env.TARGET }).click()
await page.locator('iframe').waitFor()
const frame = page.frameLocator('iframe')
await frame.locator('svg').first().waitFor()
await page.waitForFunction(() => document.querySelector('iframe').clientHeight > 480)
seen.report = {
  heading: await page.getByRole('heading', { level: 1 }).innerText(),
  frame: await page.evaluate(() => document.querySelector('iframe').clientHeight),
  waiting: await page.getByText('Run its scripts').count(),
}
await look('report')

await page.goto(url + 'signals')
for (const pathspec of [a, b]) await page.getByRole('checkbox', { name: `Choose ${pathspec}` }).check()
await page.getByRole('button', { name: 'Compare the two' }).click()
await page.getByRole('heading', { name: 'Compare' }).waitFor()
await page.locator('tbody tr').first().waitFor()
seen.compared = await page.locator('tbody tr').count()
await look('compare')
console.log(JSON.stringify(seen))
await browser.close()
