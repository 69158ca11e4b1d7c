export type { History, HistorySeries, Measure } from './history/history.ts';
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
export type { EgressReport, FunctionReport, ProcessReport, ShardReport, WorkerReport } from './worker-report.ts';
