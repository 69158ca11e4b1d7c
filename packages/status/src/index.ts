export { startProcessMeter } from './figures/process-meter.ts';
export type { History, HistorySeries, Measure } from './history/history.ts';
export { type HistoryOptions, readHistory } from './history/read-history.ts';
export type {
  LaneOverview,
  Overview,
  RedisOverview,
  ShardOverview,
  StreamOverview,
  TargetOverview,
  WorkerOverview,
  WriterOverview,
} from './overview/overview.ts';
export { StatusReporter } from './reporter/status-reporter.ts';
export { noteWatched, type ReportsOptions, readClockSkews, readReport, readReports } from './reports/read-reports.ts';
export { createReportStore } from './reports/report-store.ts';
export type {
  EgressReport,
  FailureReport,
  FunctionReport,
  ProcessReport,
  RouteReport,
  ShardReport,
  WorkerReport,
} from './worker-report.ts';
