// The modules of the console: pages/module.ts of each folder of apps/, and of folders that BACKLOT_DOMAINS names.
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Plugin } from 'vite'

export function moduleFiles(root: string): string[] {
  const places = [join(root, '../apps'), ...(process.env.BACKLOT_DOMAINS ?? '').split(':').filter(Boolean)]
  const folders = places.flatMap((place) => readdirSync(place).sort().map((name) => join(place, name)))
  return folders.map((folder) => resolve(folder, 'pages/module.ts')).filter((file) => existsSync(file))
}

/** `import all from 'virtual:modules'`: the modules, in the order of their names. */
export function domainModules(root: string): Plugin {
  const id = '\0virtual:modules'
  return {
    name: 'backlot-modules',
    resolveId: (name) => (name === 'virtual:modules' ? id : undefined),
    load(name) {
      if (name !== id) return
      const files = moduleFiles(root)
      const imports = files.map((file, i) => `import m${i} from ${JSON.stringify(file)}\n`).join('')
      return `${imports}export default [${files.map((_, i) => `m${i}`).join(', ')}]\n`
    },
  }
}
