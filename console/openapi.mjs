// src/api/schema.d.ts, the types of the API, from the documents of the server and of the domains:
//   node openapi.mjs          writes it        node openapi.mjs --check   says whether it is up to date
import { readdirSync, readFileSync, writeFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import openapiTS, { astToString } from 'openapi-typescript'
import ts from 'typescript'

const root = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..')
const own = join(root, 'backlot/server/openapi')
const files = [
  ...readdirSync(own).sort().map((name) => join(own, name)),
  ...readdirSync(join(root, 'apps')).sort().map((name) => join(root, 'apps', name, 'routes/openapi.json')).filter(existsSync),
]
const merged = { paths: {}, components: { schemas: {} } }
for (const file of files) {
  const { paths, components, ...rest } = JSON.parse(readFileSync(file, 'utf8'))
  Object.assign(merged, rest)
  Object.assign(merged.paths, paths)
  Object.assign(merged.components, { ...components, schemas: { ...merged.components.schemas, ...components?.schemas } })
}
// An id of a run may lie beyond 2^53: what is read of it then keeps its digits (lib/exact).
const number = ts.factory.createTypeReferenceNode('NumberText')
const ast = await openapiTS(merged, {
  inject: "import type { NumberText } from '../lib/exact'\n",
  transform: (schema) => (schema.format === 'int64' ? ts.factory.createUnionTypeNode([ts.factory.createKeywordTypeNode(ts.SyntaxKind.NumberKeyword), number]) : undefined),
})
const text = '// Made by openapi.mjs from the documents of the API; `npm run types` makes it again.\n' + astToString(ast)
const place = join(root, 'console/src/api/schema.d.ts')
if (!process.argv.includes('--check')) writeFileSync(place, text)
else if (!existsSync(place) || readFileSync(place, 'utf8') !== text) {
  console.error('src/api/schema.d.ts is not what the documents of the API say: `npm run types`')
  process.exit(1)
}
