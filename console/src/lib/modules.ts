// Pages that domains bring: apps/<name>/pages/module.ts has a Module as its default. They lie below /<name>, and are loaded
// when one is first opened; which domains there are is said by the build (vite.config.ts).
import type { Component } from 'svelte'
import all from 'virtual:modules'

export interface Module {
  name: string // the first part of its addresses, and of its API's
  title: string // in the navigation
  open: () => Promise<{ default: Component }> // the page; what it shows follows from the address (route.svelte.ts)
}

export const modules: Module[] = all
