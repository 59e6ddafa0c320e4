/** For processes that are given an environment of their own: with it they start in half the time. */
export const { NODE_COMPILE_CACHE } = process.env
