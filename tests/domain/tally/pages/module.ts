import type { Module } from '$console/lib/modules'

export default { name: 'tally', title: 'Tally', open: () => import('./Tally.svelte') } satisfies Module
