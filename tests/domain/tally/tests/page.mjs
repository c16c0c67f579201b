// Opens the console and, by its link, the page of a domain: page.mjs URL TOKEN. Prints what was seen as JSON.
import { openBrowser, signIn } from '../../../console/browser.mjs'

const [url, token] = process.argv.slice(2)
const browser = await openBrowser()
await signIn(browser, url, token)
const page = await browser.newPage()
const scripts = []
page.on('request', (request) => scripts.push(request.url()))
const wasLoaded = () => scripts.some((script) => /Tally-[^/]*\.js$/.test(script))
await page.goto(url)
await page.getByRole('link', { name: 'Flows' }).waitFor()
const before = wasLoaded()
await page.getByRole('link', { name: 'Tally' }).click()
await page.getByRole('heading', { name: 'Tally' }).waitFor()
const after = wasLoaded()
await page.goto(url + 'tally?text=one+two+three')
await page.getByText('words').waitFor()
console.log(
  JSON.stringify({
    before,
    after,
    title: await page.title(),
    text: await page.locator('main p').innerText(),
    current: await page.locator('nav [aria-current]').innerText(),
  }),
)
await browser.close()
