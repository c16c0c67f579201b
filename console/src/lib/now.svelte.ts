// The time by the server's clock, once a second, for what counts up while it runs: what began was noted by that clock too.
let ahead = $state(0) // of this browser's clock, in milliseconds
let time = $state(Date.now())
setInterval(() => {
  if (!document.hidden) time = Date.now()
}, 1000)

/** That the server said it was `iso` between two moments of this browser. */
export function serverTold(iso: string, before: number, after: number) {
  ahead = Date.parse(iso) - (before + after) / 2
}

/** Milliseconds since 1970, as they were at the last second. */
export function now(): number {
  return time + ahead
}

/** The same at this moment, for what is drawn frame by frame. */
export function rightNow(): number {
  return Date.now() + ahead
}
