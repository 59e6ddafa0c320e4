import { publishAssets } from '../look/assets.ts'

export const verdictAssets = publishAssets({ 'verdict.css': new URL('verdict.css', import.meta.url) })
