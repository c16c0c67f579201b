// One run as a page shows it: asked for once, then kept as it is by what the stream tells, four times a second at most.
import { get, getValues } from '../api/client'
import { watch, type LiveEvent } from '../api/live'
import type { Columns, RunDetails, RunEvent } from '../api/types'
import { TaskTable } from './columns'

export class WatchedRun {
  details = $state.raw<RunDetails>()
  error = $state.raw<unknown>()
  removed = $state(false)
  /** Grows with every change of `tasks`, which is no proxy: a hundred thousand tasks are too many for one. */
  version = $state(0)
  tasks: TaskTable | undefined
  private parts: string[]
  private stop: (() => void) | undefined
  private wantsTasks = false
  private due: ReturnType<typeof setTimeout> | undefined
  private abort = new AbortController()

  constructor(flow: string, run: string) {
    this.parts = ['runs', flow, run]
  }

  async load() {
    try {
      const details = await getValues<RunDetails>(this.parts, {}, this.abort.signal)
      this.details = details
      this.error = undefined
      let event = details.event
      if (this.wantsTasks) event = Math.min(event, await this.loadColumns())
      this.stop?.()
      this.stop = watch(
        `run/${details.pathspec}`,
        String(event),
        (message) => this.change(message),
        () => void this.load(),
      )
    } catch (problem) {
      if (!this.abort.signal.aborted) this.error = problem
    }
  }

  /** All tasks, for a timeline or a grid. */
  async loadTasks() {
    if (this.wantsTasks) return
    this.wantsTasks = true
    if (this.details) await this.load()
  }

  end() {
    clearTimeout(this.due)
    this.abort.abort()
    this.stop?.()
  }

  private async loadColumns(): Promise<number> {
    const table = new TaskTable()
    let event = Infinity
    let after = 0
    for (;;) {
      const columns = await get<Columns>([...this.parts, 'columns'], { after: after || undefined }, this.abort.signal)
      table.add(columns)
      event = Math.min(event, columns.event)
      if (!columns.more) break
      after = table.number[table.size - 1]
    }
    this.tasks = table
    this.version += 1
    return event
  }

  private change(message: LiveEvent) {
    const event = message as RunEvent
    if (event.removed) {
      this.removed = true
      return
    }
    const details = this.details
    if (!details) return
    const was = details.state
    this.details = { ...details, ...event.run, steps: event.steps, waiting: event.waiting }
    if (this.tasks && event.tasks?.length) {
      this.tasks.change(event.tasks)
      this.version += 1
    }
    // Failures, the critical path and how to resume are worked out by the server.
    const stale = was !== event.run.state || event.run.tasks_failed !== details.tasks_failed
    if (stale) {
      clearTimeout(this.due)
      this.due = setTimeout(() => void this.refresh(), 300)
    }
  }

  private async refresh() {
    try {
      const details = await getValues<RunDetails>(this.parts, {}, this.abort.signal)
      if (this.details && details.event >= this.details.event) this.details = details
    } catch {
      // The stream goes on; the next change tries again.
    }
  }
}
