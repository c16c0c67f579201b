declare module 'virtual:modules' {
  const all: import('./lib/modules').Module[]
  export default all
}
