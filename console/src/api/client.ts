// Asking the server. Failures are Problems: what was wrong, and what to do.
import { address } from '../lib/route.svelte'
import { session } from '../lib/session.svelte'
import type { Problem } from './types'

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly hint = '',
    readonly run?: string, // the run in the way
    readonly command?: string, // what does it all the same
  ) {
    super(message)
  }
}

type Query = Record<string, string | number | undefined>

export function apiAddress(parts: (string | number)[], query: Query = {}): string {
  const texts = Object.fromEntries(Object.entries(query).map(([k, v]) => [k, v === undefined ? undefined : String(v)]))
  return address(['api', 'v1', ...parts], texts)
}

/** Of a pathspec of a run, "Flow/7". */
export function runParts(pathspec: string): string[] {
  return ['runs', ...pathspec.split('/').slice(0, 2)]
}

export async function get<T>(parts: (string | number)[], query: Query = {}, signal?: AbortSignal): Promise<T> {
  return answer<T>(await attempt(apiAddress(parts, query), { signal }))
}

export async function post<T>(parts: (string | number)[], body: unknown): Promise<T> {
  return change<T>('POST', parts, body)
}

/** What changes something: no form and no other site's page can send its header. */
async function change<T>(method: string, parts: (string | number)[], body?: unknown): Promise<T> {
  const headers = { 'Content-Type': 'application/json', 'X-Backlot': '1' }
  return answer<T>(await attempt(apiAddress(parts), { method, headers, body: body === undefined ? undefined : JSON.stringify(body) }))
}

export async function signIn(token: string) {
  await post(['session'], { token })
}

export async function signOut() {
  await change('DELETE', ['session'])
}

async function attempt(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (error) {
    if (init.signal?.aborted) throw error
    throw new ApiError(0, 'io', 'The server does not answer.', 'Is `backlot serve` still running?')
  }
}

async function answer<T>(response: Response): Promise<T> {
  if (response.status === 204) return undefined as T
  const body = await response.json().catch(() => undefined)
  if (response.ok && body !== undefined) return body as T
  if (response.status === 401) session.missing = true
  const problem = (body as Problem | undefined)?.error
  throw new ApiError(response.status, problem?.code ?? 'io', problem?.message ?? response.statusText, problem?.hint, problem?.run, problem?.command)
}
