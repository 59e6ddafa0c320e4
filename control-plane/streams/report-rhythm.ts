import { REPORT_EVERY_MS, type ReportReply } from '@sixcast/shared/contract/stream-report.ts'

/** Told with every answer, so that a fleet that has grown can be slowed down. Three reports may be lost before one dies. */
export const REPORT_RHYTHM: ReportReply = { nextSeconds: REPORT_EVERY_MS / 1000, livesSeconds: 7 }
