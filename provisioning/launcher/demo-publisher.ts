/** A moving picture with the time of day burnt in and a quiet beep each second, published the way an encoder would. */
export function demoPublisher({ server, keyFile }: { server: string; keyFile: string }): string[] {
  const picture = 'testsrc2=size=854x480:rate=30'
  const clock =
    "drawtext=text='%{localtime\\:%T}':fontsize=56:fontcolor=white:box=1:boxcolor=black@0.6:boxborderw=14:x=(w-tw)/2:y=h-120"
  return [
    'ffmpeg',
    ...['-hide_banner', '-nostdin', '-loglevel', 'error'],
    ...['-re', '-f', 'lavfi', '-i', `${picture},${clock}`],
    ...['-f', 'lavfi', '-i', 'sine=frequency=220:beep_factor=4:sample_rate=48000,volume=0.25'],
    ...['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p'],
    // A key frame each half second, so that whoever joins has a picture at once.
    ...['-b:v', '1500k', '-maxrate', '1500k', '-bufsize', '1500k', '-g', '15'],
    ...['-c:a', 'aac', '-b:a', '96k', '-f', 'flv', '-fpre', keyFile, server],
  ]
}

/** What stands in its file. Everybody on the machine sees how a program was called, and must not see the key there. */
export const demoKeyFile = (key: string) => `rtmp_playpath=demo?key=${key}\n`
