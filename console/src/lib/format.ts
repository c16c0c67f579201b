// Times, durations, sizes and counts as people read them.
interface Clocks {
  time: Intl.DateTimeFormat
  day: Intl.DateTimeFormat
  dayOfYear: Intl.DateTimeFormat
  year: Intl.DateTimeFormat
}
const clocks = new Map<string | undefined, Clocks>()
function clocksOf(timeZone: string | undefined): Clocks {
  const known = clocks.get(timeZone)
  if (known) return known
  const of = (parts: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(undefined, { ...parts, timeZone })
  const made = {
    time: of({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }),
    day: of({ month: 'short', day: 'numeric' }),
    dayOfYear: of({ year: 'numeric', month: 'short', day: 'numeric' }),
    year: of({ year: 'numeric' }),
  }
  clocks.set(timeZone, made)
  return made
}

/** "Nov 26 11:09:17", with the year when it is another one. Without a zone in that of the viewer. */
export function timeText(iso: string, timeZone?: string, now = new Date()): string {
  const time = new Date(iso)
  const { day, dayOfYear, year, time: clock } = clocksOf(timeZone)
  const date = year.format(time) === year.format(now) ? day : dayOfYear
  return `${date.format(time)} ${clock.format(time)}`
}

/** "11:09:17" */
export function clockText(iso: string | number, timeZone?: string): string {
  return clocksOf(timeZone).time.format(new Date(iso))
}

/** "1.5 ms", "80 ms", "0.80 s", "12 s", "3 m 20 s", "5 h 12 m", "3 d 4 h" */
export function durationText(seconds: number | undefined): string {
  if (seconds === undefined || seconds < 0) return ''
  if (seconds < 0.1) return `${trimmed(seconds * 1000)} ms`
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

/** "40 s ago", "3 h ago": one unit says enough. */
export function agoText(iso: string, now: number): string {
  const seconds = Math.round((now - Date.parse(iso)) / 1000)
  if (seconds < 1) return 'now'
  for (const [unit, size] of [['y', 31_557_600], ['d', 86400], ['h', 3600], ['m', 60]] as const) {
    if (seconds >= size) return `${Math.floor(seconds / size)} ${unit} ago`
  }
  return `${seconds} s ago`
}
