import { type Logger, toErrorReport } from '@sluice/core';
import type { EventSink } from '@sluice/telemetry';
import type { ReloadReport } from './reload.ts';

/** Logs and counts what became of a configuration. */
export function reportReload(
  report: ReloadReport,
  { logger, telemetry }: { readonly logger: Logger; readonly telemetry: EventSink },
): void {
  telemetry.emit({ type: 'config.reloaded', outcome: report.outcome });
  switch (report.outcome) {
    case 'applied':
      logger.info('new configuration is in force', { stopped: report.stopped.join(','), started: report.started.join(',') });
      return;
    case 'unchanged':
      logger.info('configuration was loaded anew and has not changed');
      return;
    case 'refused':
      logger.error('new configuration was refused; the one before stays in force', { ...toErrorReport(report.error) });
  }
}
