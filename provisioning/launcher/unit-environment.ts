/** What README lists for everybody to set; the units that know them check them. */
const SETTINGS = [
  'SEGMENT_DURATION',
  'PLAYLIST_SIZE',
  'PART_DURATION',
  'LOW_LATENCY_HLS',
  'CLEANUP_INTERVAL',
  'STALE_THRESHOLD',
  'MEASURE_ENCODERS',
  'HEARTBEAT_SECONDS',
  'RELAY_BUDGET_MBIT',
  'LEASE_SECONDS',
  'TRUSTED_PROXIES',
]

/** Units get what their plan says and the settings, not whatever else the person at the terminal has set. */
export function unitEnvironment({
  PATH = '',
  HOME = '/',
  LANG = 'C.UTF-8',
  TZ,
  NODE_COMPILE_CACHE,
  ...others
}: NodeJS.ProcessEnv) {
  const settings = SETTINGS.flatMap((name) => (others[name] ? [[name, others[name]]] : []))
  return {
    PATH: `${PATH}:/usr/sbin:/sbin`,
    HOME,
    LANG,
    ...(TZ ? { TZ } : {}),
    ...(NODE_COMPILE_CACHE ? { NODE_COMPILE_CACHE } : {}),
    ...Object.fromEntries(settings),
  }
}
