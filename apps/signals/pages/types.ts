// What the routes of signals answer (routes/openapi.json).
import type { components } from '$console/api/schema'

type Schemas = components['schemas']

export type Comparison = Schemas['SignalsComparison']
export type Report = Schemas['SignalsReport']
export type Reports = Schemas['SignalsReports']
export type Standing = Schemas['SignalsStanding']
export type Summary = Schemas['SignalsSummary']
