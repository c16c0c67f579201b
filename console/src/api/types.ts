// What the HTTP API answers. The contract is backlot/server/openapi.json; names here follow it.
// Times are RFC 3339 in UTC, durations seconds; what is not known is left out.

import type { NumberText } from '../lib/exact'

export type RunState = 'running' | 'done' | 'failed' | 'cancelled' | 'lost'
export type TaskState = 'ready' | 'running' | 'done' | 'failed' | 'cancelled'

export interface Run {
  pathspec: string // "MovieStats/1763829152123456"
  flow: string
  run: number | NumberText
  state: RunState
  user?: string
  host?: string
  namespace?: string
  project?: string
  branch?: string
  code?: string // hex digest of the code's blob
  created: string
  ended?: string
  heartbeat?: string // while it is running or lost: when its scheduler was last heard of
  seconds?: number
  progress: Progress // how many tasks it will have
  tasks: number
  tasks_done: number
  tasks_failed: number
  failure?: string // one line
  tags: string[]
  system_tags: string[]
  origin?: string // pathspec of the run that it resumed
  event: number // number of the run's last event
}

export interface Status {
  version: string
  role: 'reader' | 'operator'
  controls: boolean // whether the caller may cancel, tag and resume here
  trust?: string // why runs are not controlled from here, or whose code would run as whom
  user: string // whose account the server runs under
  time: string
}

export interface Flows {
  flows: { flow: string; runs: number; last: Run; recent: { run: number | NumberText; state: RunState }[] }[] // recent: newest first
}

/** GET /api/v1/runs?flow&state&user&tag&project&q&since&until&parameter=name:value&sort&before&limit */
export interface Runs {
  runs: Run[] // newest first
  before?: number // give it as `before` for the next page; absent: this is the end
  cursor: string // for the topic "runs" of the event stream
}

/** GET /api/v1/flows/{flow}/grid?limit */
export interface Grid {
  flow: string
  steps: string[] // rows, in the order of the newest run's graph
  runs: { run: Run; cells: (Cell | null)[] }[] // newest first; a cell for each step; null: not reached
}
export interface Cell {
  tasks: number
  done: number
  failed: number
  running: number
  seconds?: number
}

/** Why a part of an answer is missing, and what to do; the other parts are there. */
export interface Trouble {
  message: string
  hint: string
}
export interface ArtifactRef {
  name: string
  pathspec: string // of the artifact, "Flow/7/compute/17/median"
  type: string // "text", "int", "tensor", "pickle", "table", "file", "folder", "struct", "list", "map", ...
  size: number
  identity: string
  trouble?: Trouble // its bytes cannot be read
  card?: boolean // it is an HTML page: GET .../artifacts/{name}/card shows it, in a sandbox
}
export interface Parameter extends ArtifactRef {
  value: unknown
}

export interface Step {
  step: string
  tasks: number
  done: number
  failed: number
  running: number
  ready: number // waiting: those with a row, and items that a foreach has opened
  expected?: number // how many tasks it will have, as far as is known now
  started?: string
  ended?: string
  seconds?: number
}

/** How many tasks the run will have, or has at least while a split ahead has not opened. */
export interface Progress {
  total: number
  at_least: boolean
}
export interface FailureGroup {
  count: number
  text: string // "KeyError at features.py:41", "out of memory"
  kind: string // exception, signal, exit code, timeout, out of memory, cancelled, lost, engine
  message: string // of the first
  step: string // of the first
  task: number // of the first
  label?: string // of its foreach item
  path: string // its structural path, "[3]"
  attempt: number
  first_error?: number // position in the log, for LogWindow
  whole_message?: boolean // an older version recorded it: grouped only where whole messages are equal
}

export interface Request {
  kind: string // cancel, tag, untag
  argument: string
  user: string
  time: string
}

/** GET /api/v1/runs/{flow}/{run} */
export interface RunDetails extends Run {
  troubles?: Record<string, Trouble> // by the name of the part
  parameters: Parameter[]
  steps: Step[]
  graph: { nodes: GraphNode[]; edges: GraphEdge[]; digest: string }
  failures: FailureGroup[] // most frequent first
  failures_more?: { groups: number; tasks: number } // what failed besides; both together are all that failed
  waiting: { reason: string; tasks: number }[] // why tasks do not run yet: "cpu", "pool gpu", "retry in 4 s"; "": it is not their turn
  critical_path: { step: string; task: number; seconds: number }[] // from the first task to the one that ended last
  metadata: { attempt: number; key: string; value: string }[]
  requests: Request[] // not yet answered by the scheduler
  resume?: { command: string; steps: string[] } // when it failed, was cancelled or lost
}
export interface GraphNode {
  id: number
  name: string // of a step its name; of others what is asked
  kind: 'step' | 'join' | 'split' | 'foreach' | 'choose' | 'loop'
}
export interface GraphEdge {
  from: number
  to: number
  label?: string
}

/**
 * GET /api/v1/runs/{flow}/{run}/columns?after&limit: tasks as columns, by number. Times are milliseconds.
 */
export interface Columns {
  event: number // cursor for the topic of this run
  origin: string // time 0: the run's `created`
  steps: string[]
  numbers: number[] // differences: number[i] = number[i-1] + numbers[i], beginning at 0
  step: [number, number][] // run lengths: [index into steps, how many tasks]
  state: string // one digit a task: 0 ready, 1 running, 2 done, 3 failed, 4 cancelled
  ready: number[] // differences from task to task, beginning at 0
  started: number[] // after ready; -1: not yet
  ended: number[] // after started; -1: not yet
  attempts: [number, number][] // [index, attempts], where it is not 1
  cloned: [number, number][] // run lengths as [first index, how many] of tasks taken from another run
  earlier: [number, number, number, number, number][] // attempts before the last: [task number, attempt, started, ended (ms after origin), state]
  more: boolean // there are tasks behind
}

/** GET /api/v1/runs/{flow}/{run}/tasks?step&state&q&sort&after&limit, by number unless sorted; q looks in labels, paths and numbers */
export interface Tasks {
  tasks: Task[]
  after?: number // for the next page
}
export interface Task {
  pathspec: string
  step: string
  task: number
  path: string // "[3.17]"
  state: TaskState
  attempts: number
  label?: string
  waiting?: string
  progress?: number // 0 to 1
  note?: string
  ready?: string
  started?: string
  ended?: string
  seconds?: number
  cloned_from?: string // pathspec of the task that ran
}

/** GET /api/v1/runs/{flow}/{run}/tasks/{task}: by number, or ?path=[3]&step=compute instead of the number "-" */
export interface TaskDetails extends Task {
  troubles?: Record<string, Trouble> // by the name of the part
  run: Run
  attempt_list: Attempt[] // oldest first
  artifacts: ArtifactRef[] // what it wrote or merged
  inherited: ArtifactRef[] // what it saw besides, parameters included
  metadata: { attempt: number; key: string; value: string }[]
  before: TaskLink[] // tasks that led to it, at most 20
  after: TaskLink[]
  before_count: number
  after_count: number
}
export interface TaskLink {
  step: string
  task: number
  path: string
  label?: string
  state: TaskState
}
export interface Attempt {
  attempt: number
  state: TaskState
  started?: string
  ended?: string
  seconds?: number
  usage?: { user_seconds: number; system_seconds: number; peak_memory_bytes: number; source: 'rusage' | 'cgroup' }
  log: { out_bytes: number; err_bytes: number; dropped_bytes?: number; first_error?: number }
  failure?: { kind: string; code?: number; type?: string; message?: string; place?: string }
}

/**
 * GET .../tasks/{task}/log?attempt&stream=out|err&from|before|at&bytes: a window of at most `bytes` (64 KiB) of the log.
 * from: from this position on. before: what ends before it (or "end": the tail). Lines keep ANSI codes as they are.
 */
export interface LogWindow {
  begin: number // position of the window's beginning; give it as `before` for what comes earlier
  end: number // give it as `from` for what comes later
  at_begin: boolean // nothing comes before
  at_end: boolean // nothing comes after, now
  live: boolean // more may come
  lines: LogLine[]
  damaged?: number // bytes of the window that are no records
}
export interface LogLine {
  position: number // names the line; for deep links and search hits
  time: string
  stream: 'out' | 'err'
  attempt: number
  text: string
  cut?: boolean // its beginning lies in an earlier window, or its end in a later one
  open?: boolean // no newline yet: the first line of its attempt and stream in the window behind goes on with it
  left_out?: { bytes: number; lines: number } // no line of the task: more was written here than is kept; text says so
}
/** GET .../log/search?q&from&attempt&stream: goes through up to 64 MiB a call */
export interface LogMatches {
  matches: LogLine[] // at most 100
  next?: number // go on with from=next; absent: searched to the end
}

/** GET .../tasks/{task}/artifacts/{name} ; also /api/v1/runs/{flow}/{run}/parameters/{name} */
export interface ArtifactDetails extends ArtifactRef {
  troubles?: Record<string, Trouble> // by the name of the part
  task: TaskLink | null // whose manifest holds it; null: a parameter of the run
  preview: Preview
  read_by: TaskLink[] // tasks that noted to have read it (steps with `cache`), at most 100
  content_type: string // of the download
  command: string // "backlot get Flow/7/compute/17/median"
}
export type Preview =
  | { kind: 'value'; value: unknown; truncated: boolean } // scalars, lists, maps, structs: JSON; over 256 KiB truncated with text
  | { kind: 'text'; text: string; truncated: boolean }
  | { kind: 'table'; columns: { name: string; type: string }[]; rows: number } // pages by .../rows
  | { kind: 'tensor'; dtype: string; shape: number[]; elements: number; histogram?: Histogram; first: unknown[] } // 2-d: pages by .../rows too
  | { kind: 'pickle'; type: string; repr: string; shape?: number[] } // what the task stored; never unpickled
  | { kind: 'file'; file_name: string; media: 'image' | 'text' | 'other'; text?: string }
  | { kind: 'folder'; entries: { path: string; size: number }[]; truncated: boolean }
  | { kind: 'html' } // a card
  | { kind: 'tree' } // a list or map of more than 256 KiB: pages by .../tree
  | { kind: 'none'; reason: string }
export interface Histogram {
  min: unknown // exact
  max: unknown
  mean: number
  looked_at: number // elements; fewer than there are where there are more than four million
  nan: number
  infinite: number
  counts: number[] // over [min, max] in equal bins
}
/** GET .../artifacts/{name}/rows?from&limit&column&columns&sort: `sort` is a column's number */
export interface Rows {
  columns: string[]
  column: number // the number of the first of them
  total_columns: number
  from: number
  numbers: number[] // of the rows, as they stand in the value
  rows: unknown[][]
  total: number
}

/** GET .../artifacts/{name}/tree?at=3.17.0&from&limit: a page of the members of one list or map in it */
export interface Tree {
  keys: string[] // that lead to it
  kind: 'list' | 'map' | 'value'
  total: number
  from: number
  members: TreeMember[]
}
export interface TreeMember {
  key: string
  kind: 'list' | 'map' | 'value'
  size?: number
  type?: string
  value?: unknown
  bytes?: number // of a value that is not given whole
}
/** GET .../artifacts/{name}/tree/search?q&from&limit */
export interface TreeMatches {
  matches: { at: number[]; keys: string[] }[]
  next?: number // go on with from=next; absent: searched to the end
}

/** GET /api/v1/compare?a=Flow/1&b=Flow/2 */
export interface Compare {
  a: Run
  b: Run
  a_seconds: number
  b_seconds: number
  parameters: Difference[] // all of them; `same` says whether they are equal
  artifacts: Difference[] // those that differ, at most 1000
  artifacts_more: number
  same_artifacts: number
  steps: { step: string; a: { tasks: number; seconds: number }; b: { tasks: number; seconds: number } }[]
}
export interface Difference {
  task?: string // "compute/[3]"
  name: string
  same: boolean
  a: Side | null
  b: Side | null
}
export interface Side {
  type: string
  size: number
  identity: string
  trouble?: Trouble
  value?: unknown // of a small one: it
  shown: string // of another its beginning, or its type
}

// POST, operators only. Body JSON. Header "X-Backlot: 1" (no form can send it).
// Each takes `run`, the pathspec that is meant: 409 when the address is another run by now; needed where {run} is "last".
// /api/v1/runs/{flow}/{run}/cancel {}                    -> 202 Done
// /api/v1/runs/{flow}/{run}/tags   {add:[], remove:[]}   -> 200 | 202 Done
// /api/v1/runs/{flow}/{run}/resume {step?: string}       -> 201 { run: Run }
// /api/v1/delete {runs: pathspecs, confirm?: {runs, bytes, clones}} -> 200 Removal, or when confirmed { removed: pathspecs }
// /api/v1/session {token}  -> 204 and a cookie ; DELETE /api/v1/session -> 204 ; without a session everything else is 401
export interface Removal {
  runs: { pathspec: string; user: string }[]
  blobs: number
  bytes: number // that nothing else needs
  clones: string[] // runs that stay, and took finished tasks over from them
}
export interface Done {
  done: 'now' | 'requested'
}

/** Every answer with a status of 400 and above. */
export interface Problem {
  error: { code: string; message: string; hint?: string; context?: string; run?: string; command?: string }
}

/**
 * GET /api/v1/events?topic=runs@CURSOR&topic=run/Flow/7@EVENT: server-sent events, at most 4 a second a topic; a comment
 * every 15 s. `id` is "topic@cursor"; after a reconnect it takes the place of that topic's cursor in the address.
 */
export interface RunsEvent {
  // event: runs
  topic: 'runs'
  cursor: string
  reload?: true // too far behind: fetch the list again
  runs?: Run[] // new, or changed
  removed?: string[] // pathspecs
}
export interface RunEvent {
  // event: run
  topic: string // "run/Flow/7"
  cursor: string
  run: Run
  steps: Step[]
  waiting: { reason: string; tasks: number }[]
  reload?: true // too far behind: fetch the columns again
  tasks?: TaskChange[] // changed since the cursor before
  removed?: true // the run is gone
}
/** [number, step, state digit, ready, started, ended, attempts, progress]: ms after the run's `created`, -1 not yet/not told */
export type TaskChange = [number, string, number, number, number, number, number, number]
