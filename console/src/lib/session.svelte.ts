// Who looks, and what they may do.
export const session = $state({
  operator: false, // may cancel, tag and resume
  trust: '', // why nobody may, or whose code would run as whom
  missing: false, // the server answers nothing until a session is opened
})
