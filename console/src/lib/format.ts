// Times, durations, sizes and counts as people read them.
const clock = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false })
const day = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' })
const dayOfYear = new Intl.DateTimeFormat(undefined, { year: 'numeric', month: 'short', day: 'numeric' })

/** In the zone of the viewer: "Nov 26 11:09:17", with the year when it is another one. */
export function timeText(iso: string, now = new Date()): string {
  const time = new Date(iso)
  const date = time.getFullYear() === now.getFullYear() ? day : dayOfYear
  return `${date.format(time)} ${clock.format(time)}`
}

/** "0.08 s", "1.5 ms", "12 s", "3 m 20 s", "5 h 12 m", "3 d 4 h" */
export function durationText(seconds: number | undefined): string {
  if (seconds === undefined || seconds < 0) return ''
  if (seconds < 0.01) return `${trimmed(seconds * 1000)} ms`
  if (seconds < 10) return `${seconds.toFixed(2)} s`
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} m ${whole % 60} s`
  if (whole < 86400) return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} m`
  return `${Math.floor(whole / 86400)} d ${Math.floor((whole % 86400) / 3600)} h`
}

function trimmed(x: number): string {
  return x < 10 ? String(Math.round(x * 10) / 10) : String(Math.round(x))
}

export function bytesText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`
  const units = ['KiB', 'MiB', 'GiB', 'TiB']
  let value = bytes
  let unit = -1
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`
}

export function countText(count: number): string {
  return count.toLocaleString('en-US').replaceAll(',', '\u202f')
}

/** "3 runs", "1 run" */
export function counted(count: number, noun: string): string {
  return `${countText(count)} ${noun}${count === 1 ? '' : 's'}`
}

/** "40 s ago" */
export function agoText(iso: string, now = Date.now()): string {
  return `${durationText(Math.max(1, Math.round((now - Date.parse(iso)) / 1000)))} ago`
}
