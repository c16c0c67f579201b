// Lays graphs out beside the page's own thread.
import type { Drawing } from './drawing'
import { layoutOf } from './layout'

self.onmessage = (message: MessageEvent<Drawing>) => self.postMessage(layoutOf(message.data))
