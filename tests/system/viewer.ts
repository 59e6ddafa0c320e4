import type { Page } from 'playwright-core'

export type Playback = { time: number; frames: number; width: number; paused: boolean }

/** What the page's video element has really done so far. */
export function playback(page: Page): Promise<Playback> {
  return page.locator('video').evaluate((element) => {
    const video = element as HTMLVideoElement
    return {
      time: video.currentTime,
      frames: video.getVideoPlaybackQuality().totalVideoFrames,
      width: video.videoWidth,
      paused: video.paused,
    }
  })
}

/** The present picture, small: 64 × 36 pixels as [red, green, blue]; or instead a picture from elsewhere. */
export function picture(page: Page, url?: string): Promise<number[][]> {
  return page.locator('video').evaluate(async (element, url) => {
    const image = new Image()
    image.crossOrigin = 'anonymous'
    if (url) image.src = url
    if (url) await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = 64
    canvas.height = 36
    const drawing = canvas.getContext('2d')
    if (!drawing) throw new Error('no canvas')
    drawing.drawImage(url ? image : (element as HTMLVideoElement), 0, 0, 64, 36)
    const { data } = drawing.getImageData(0, 0, 64, 36)
    return Array.from({ length: 64 * 36 }, (_, at) => [...data.slice(at * 4, at * 4 + 3)])
  }, url)
}
