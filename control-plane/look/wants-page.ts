import type { Context } from 'hono'

/** Whether a person looks at the answer: browsers ask for pages, everybody else for JSON. */
export const wantsPage = (c: Context): boolean => c.req.header('accept')?.includes('text/html') ?? false
