import * as z from 'zod'

/** What can make H.264 of pictures, by ffmpeg's names. */
export const VideoEncoder = z.enum(['libx264', 'h264_v4l2m2m', 'h264_vaapi', 'h264_qsv'])
export type VideoEncoder = z.infer<typeof VideoEncoder>

type Recipe = {
  /** Before the inputs: the device, where ffmpeg must be told of it. */
  device: string[]
  /** The end of a rung's filters: how the encoder wants its pictures. */
  pictures: string
  codec: string[]
  /** What it must be told to write an MP4 beside what all are. */
  mp4Flags: string
}

const VAAPI_DEVICE = '/dev/dri/renderD128'

/** No encoder looks ahead or reorders frames, and all make the key frames that they are asked for. */
export const RECIPES: Record<VideoEncoder, Recipe> = {
  libx264: {
    device: [],
    pictures: 'format=yuv420p',
    codec: ['-preset', 'superfast', '-tune', 'zerolatency', '-forced-idr', '1', '-x264-params', 'scenecut=0'],
    mp4Flags: '',
  },
  h264_v4l2m2m: {
    device: [],
    pictures: 'format=yuv420p',
    codec: ['-bf', '0'],
    // It tells its parameter sets only with its first picture.
    mp4Flags: '+delay_moov',
  },
  h264_vaapi: {
    device: ['-init_hw_device', `vaapi=gpu:${VAAPI_DEVICE}`, '-filter_hw_device', 'gpu'],
    pictures: 'format=nv12,hwupload',
    codec: ['-bf', '0', '-async_depth', '1'],
    mp4Flags: '',
  },
  h264_qsv: {
    device: ['-init_hw_device', 'qsv=gpu', '-filter_hw_device', 'gpu'],
    pictures: 'format=nv12',
    codec: ['-preset', 'veryfast', '-bf', '0', '-async_depth', '1', '-look_ahead', '0', '-forced_idr', '1'],
    mp4Flags: '',
  },
}
