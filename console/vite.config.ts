import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  plugins: [svelte()],
  base: './', // addresses are told against the page's <base>, which the server sets
  // No inlined assets and no script in the page: the server's policy allows neither.
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false } },
  server: { proxy: { '/api': 'http://127.0.0.1:8700' } },
  test: { include: ['src/**/*.test.ts'] },
})
