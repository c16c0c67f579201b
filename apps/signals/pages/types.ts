// What the routes of signals answer (routes/openapi.json).
export interface Standing {
  place: number
  score: number
}
export interface Summary {
  pathspec: string
  created: string
  user?: string
  flow?: string
  run?: number
  task?: number
  has_page?: boolean
  target?: string
  onset?: string
  is_explained?: boolean
  candidates?: number
  findings?: { series: string; score: number }[]
  trouble?: { message: string; hint: string }
}
export interface Reports {
  reports: Summary[]
  before?: number
}
export interface ReportOfRun {
  pathspec: string
  created: string
  flow: string
  run: number
  task: number
  has_page: boolean
  report: {
    target: { series: string }
    candidates: number
    findings: { series: string; score: number; onset?: { at: string } }[]
  }
}
export interface ComparedReports {
  a: Summary
  b: Summary
  series: { series: string; a: Standing | null; b: Standing | null }[]
}
