import { address } from '$console/lib/route.svelte'
import type { Summary } from './types'

export const reportAddress = (report: Summary) => address(['signals', ...report.pathspec.split('/')])
