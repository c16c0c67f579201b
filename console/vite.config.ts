import { svelte } from '@sveltejs/vite-plugin-svelte'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { domainModules } from './domains'

const root = fileURLToPath(new URL('.', import.meta.url))

export default defineConfig({
  plugins: [svelte(), domainModules(root)],
  // Modules of domains lie elsewhere: they call ours `$console`, and find libraries where we do.
  resolve: { alias: { $console: root + 'src' }, dedupe: ['svelte'] },
  base: './', // addresses are told against the page's <base>, which the server sets
  // No inlined assets and no script in the page: the server's policy allows neither.
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { '/api': 'http://127.0.0.1:8700' } },
  test: { include: ['src/**/*.test.ts'] },
})
