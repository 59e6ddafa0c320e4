import { release as kernel } from 'node:os'
import { join } from 'node:path'
import type { HeartbeatReply } from '@sixcast/shared/contract/heartbeat.ts'
import type { Log } from '@sixcast/shared/runtime/log.ts'
import { repeat } from '@sixcast/shared/runtime/repeat.ts'
import type { AgentConfig } from './agent-config.ts'
import { collectDiagnostics } from './commands/collect-diagnostics.ts'
import { commandFile } from './commands/command-file.ts'
import { doCommands } from './commands/do-commands.ts'
import { findUnit } from './commands/find-unit.ts'
import { identify } from './commands/identify.ts'
import { restartUnit } from './commands/restart-unit.ts'
import { configurationFile } from './configuration/configuration-file.ts'
import { heldConfiguration } from './configuration/held-configuration.ts'
import { keepConfiguration } from './configuration/keep-configuration.ts'
import { mediaLimits } from './configuration/media-limits.ts'
import { trialRules } from './configuration/trial-state.ts'
import type { Membership } from './membership.ts'
import { takesConnections } from './takes-connections.ts'

type Dependencies = {
  config: AgentConfig
  release: string
  fleet: () => Membership
  mediaIsSilent: () => boolean
  claimed: () => string | undefined
  /** What is told of this node in its diagnostics. */
  facts: Record<string, () => unknown>
  report: (error: unknown) => void
  signal: AbortSignal
  log: Log
}

/** What the fleet asks of this node: how it is to be, and what it is to do. */
export function takeOrders(dependencies: Dependencies) {
  const { config, release, fleet, mediaIsSilent, claimed, report, signal, log } = dependencies
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
    well: async () =>
      !mediaIsSilent() &&
      (await takesConnections({ host: claimed() ?? '127.0.0.1', port: config.ports.playback })),
    beatNow: () => fleet().beatNow(),
    report,
    log,
  })
  const commands = openCommands(dependencies, () => ({
    version: keeper.version(),
    settings: held.settings(),
  }))
  void repeat(1000, keeper.tick, signal, report)

  return {
    /** Told the answer to every accepted heartbeat. */
    news(reply: HeartbeatReply) {
      keeper.heard(reply.configuration)
      commands.heard(reply.commands ?? false)
    },
    configuration: {
      belongsTo: held.belongsTo,
      controlPlaneUrl: keeper.controlPlaneUrl,
      health: () => ({ version: keeper.version(), onTrial: keeper.onTrial() }),
    },
    limits: { wanted: keeper.limits, heard: media.heard },
  }
}

function openCommands(
  { config, release, fleet, claimed, facts, report, log }: Dependencies,
  configuration: () => unknown,
) {
  const { runtimeDirectory, ports } = config
  const host = () => claimed() ?? '127.0.0.1'
  const places = {
    rtmp: () => ({ host: host(), port: ports.rtmp }),
    nginx: () => ({ host: host(), port: ports.playback }),
    media: () => ({ path: join(runtimeDirectory, 'media.sock') }),
  }
  const versions = () => ({
    sixcast: release,
    node: process.version,
    kernel: kernel(),
    machine: process.arch,
  })
  return doCommands({
    file: commandFile(config.stateDirectory),
    cloud: {
      fetch: () => fleet().commands(),
      report: (id, told) => fleet().reportCommand(id, told),
    },
    deeds: {
      restart: restartUnit({
        pidOf: (unit) => findUnit(unit, runtimeDirectory),
        answers: (unit) => takesConnections(places[unit]()),
        endAgent: () => process.kill(process.pid, 'SIGTERM'),
      }),
      identify: identify({ name: () => fleet().health().name, log }),
      diagnostics: collectDiagnostics({
        facts: { versions, configuration, ...facts },
        logFiles: config.logFiles,
        upload: (id, bundle) => fleet().sendDiagnostics(id, bundle),
      }),
    },
    report,
    log,
  })
}
