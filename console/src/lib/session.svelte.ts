// Who looks, and what they may do.
export const session = $state({
  operator: false,
  missing: false, // the server answers nothing until a session is opened
})
