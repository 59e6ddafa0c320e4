import type { HeartbeatReply } from '@sixcast/shared/contract/heartbeat.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import type { AgentConfig } from './agent-config.ts'
import { configurationFile } from './configuration/configuration-file.ts'
import { heldConfiguration } from './configuration/held-configuration.ts'
import { keepConfiguration } from './configuration/keep-configuration.ts'
import { mediaLimits } from './configuration/media-limits.ts'
import { nodeIsWell } from './configuration/node-is-well.ts'
import { trialRules } from './configuration/trial-state.ts'
import type { Membership } from './membership.ts'

type Dependencies = {
  config: AgentConfig
  release: string
  fleet: () => Membership
  mediaIsSilent: () => boolean
  claimed: () => string | undefined
  report: (error: unknown) => void
  signal: AbortSignal
  log: Log
}

/** What the fleet asks of this node. */
export function takeOrders({
  config,
  release,
  fleet,
  mediaIsSilent,
  claimed,
  report,
  signal,
  log,
}: Dependencies) {
  const file = configurationFile(config.stateDirectory, log)
  const held = heldConfiguration({ file, release, rules: trialRules(config.trialSeconds) })
  const media = mediaLimits()
  const keeper = keepConfiguration({
    held,
    cloud: {
      fetch: (have) => fleet().configuration(have),
      report: (told) => fleet().reportConfiguration(told),
    },
    mediaTakes: media.taken,
    objectionTo: (url) => fleet().objectionTo(url),
    moved: () => fleet().moved(),
    well: () =>
      nodeIsWell({
        mediaIsSilent: mediaIsSilent(),
        host: claimed() ?? '127.0.0.1',
        port: config.ports.playback,
      }),
    beatNow: () => fleet().beatNow(),
    report,
    log,
  })
  void repeat(1000, keeper.tick, signal, report)

  return {
    /** Told the answer to every accepted heartbeat. */
    news: ({ configuration }: HeartbeatReply) => keeper.heard(configuration),
    configuration: {
      belongsTo: held.belongsTo,
      controlPlaneUrl: keeper.controlPlaneUrl,
      health: () => ({ version: keeper.version(), onTrial: keeper.onTrial() }),
    },
    limits: { wanted: keeper.limits, heard: media.heard },
  }
}
