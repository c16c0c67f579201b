// The time, once a second, for what counts up while it runs.
let time = $state(Date.now())
setInterval(() => {
  if (!document.hidden) time = Date.now()
}, 1000)

export function now(): number {
  return time
}
