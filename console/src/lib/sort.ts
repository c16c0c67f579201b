// In which order a table stands: "took", or "-took" for the largest first. It is part of the address.
export interface Sorting {
  by: string
  descending: boolean
}

export function sortingOf(text: string | null | undefined): Sorting | undefined {
  if (!text) return undefined
  const descending = text.startsWith('-')
  return { by: descending ? text.slice(1) : text, descending }
}

/** Pressing a head goes through its two orders, the more telling one first, and then back to how the list is by itself. */
export function nextSorting(now: string | null | undefined, by: string, largestFirst: boolean): string | undefined {
  const [first, second] = largestFirst ? ['-' + by, by] : [by, '-' + by]
  return now === first ? second : now === second ? undefined : first
}

type Key = string | number | boolean | null | undefined

/** What is not known comes last, whichever way; what is alike keeps its order. */
export function sorted<T>(list: readonly T[], text: string | null | undefined, keys: Record<string, (item: T) => Key>): T[] {
  const sorting = sortingOf(text)
  const key = sorting && keys[sorting.by]
  if (!key) return [...list]
  const sign = sorting.descending ? -1 : 1
  return [...list].sort((a, b) => {
    const [x, y] = [key(a), key(b)]
    const [noX, noY] = [x === undefined || x === null || x === '', y === undefined || y === null || y === '']
    if (noX || noY) return Number(noX) - Number(noY)
    if (typeof x === 'string' && typeof y === 'string') return sign * collator.compare(x, y)
    return sign * (x! < y! ? -1 : x! > y! ? 1 : 0)
  })
}
const collator = new Intl.Collator(undefined, { numeric: true })
