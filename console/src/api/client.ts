// Asking the server. Failures are Problems: what was wrong, and what to do.
import { parseAnswer, parseValues } from '../lib/exact'
import { serverTold } from '../lib/now.svelte'
import { address, type Part } from '../lib/route.svelte'
import { session } from '../lib/session.svelte'
import type { Problem, Status } from './types'

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

export function apiAddress(parts: Part[], query: Query = {}): string {
  const texts = Object.fromEntries(Object.entries(query).map(([k, v]) => [k, v === undefined ? undefined : String(v)]))
  return address(['api', 'v1', ...parts], texts)
}

/** Of a pathspec of a run, "Flow/7". */
export function runParts(pathspec: string): string[] {
  return ['runs', ...pathspec.split('/').slice(0, 2)]
}

export async function get<T>(parts: Part[], query: Query = {}, signal?: AbortSignal): Promise<T> {
  return answer<T>(await attempt(apiAddress(parts, query), { signal }), parseAnswer)
}

/** Of what holds values of people's: their numbers keep their digits (lib/exact). */
export async function getValues<T>(parts: Part[], query: Query = {}, signal?: AbortSignal): Promise<T> {
  return answer<T>(await attempt(apiAddress(parts, query), { signal }), parseValues)
}

/** What the server is and who we are to it; its clock is ours from then on. */
export async function askStatus(): Promise<Status> {
  const before = Date.now()
  const status = await get<Status>(['status'])
  serverTold(status.time, before, Date.now())
  return status
}

export async function post<T>(parts: Part[], body: unknown): Promise<T> {
  return change<T>('POST', parts, body)
}

/** What changes something: no form and no other site's page can send its header. */
async function change<T>(method: string, parts: Part[], body?: unknown): Promise<T> {
  const headers = { 'Content-Type': 'application/json', 'X-Backlot': '1' }
  return answer<T>(await attempt(apiAddress(parts), { method, headers, body: body === undefined ? undefined : JSON.stringify(body) }), parseAnswer)
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

async function answer<T>(response: Response, parse: (text: string) => unknown): Promise<T> {
  if (response.status === 204) return undefined as T
  const body = await response.text().then(parse).catch(() => undefined)
  if (response.ok && body !== undefined) return body as T
  if (response.status === 401) session.missing = true
  const problem = (body as Problem | undefined)?.error
  throw new ApiError(response.status, problem?.code ?? 'io', problem?.message ?? response.statusText, problem?.hint, problem?.run, problem?.command)
}
