// What the one who looks may do.
export const session = $state({ operator: false })
