/** Whether a row was refused because there is one of its key already. */
export const isDuplicateKey = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'ER_DUP_ENTRY'
