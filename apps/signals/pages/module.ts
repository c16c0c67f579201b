import type { Module } from '$console/lib/modules'

export default { name: 'signals', title: 'Signals', open: () => import('./Signals.svelte') } satisfies Module
