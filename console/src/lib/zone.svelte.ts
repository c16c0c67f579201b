// The zone that times are shown in: the viewer's, or UTC. Said once, in the head of the page.
const KEY = 'backlot-zone'
let utc = $state(localStorage.getItem(KEY) === 'UTC')

export function isUtc(): boolean {
  return utc
}
export function setUtc(chosen: boolean) {
  utc = chosen
  if (chosen) localStorage.setItem(KEY, 'UTC')
  else localStorage.removeItem(KEY)
}
/** For Intl: of the viewer when it is not UTC. */
export function timeZone(): string | undefined {
  return utc ? 'UTC' : undefined
}

/** "Europe/Berlin" */
export const localZone = Intl.DateTimeFormat().resolvedOptions().timeZone
/** "CET", "GMT+5:30", "UTC" */
export function zoneText(): string {
  if (utc) return 'UTC'
  const parts = new Intl.DateTimeFormat('en-GB', { timeZoneName: 'short' }).formatToParts(new Date())
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? localZone
}
