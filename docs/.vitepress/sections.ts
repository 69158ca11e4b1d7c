interface Section {
  readonly text: string;
  /** Title in the sidebar, and the page's path without its ending. */
  readonly pages: ReadonlyArray<readonly [title: string, page: string]>;
  readonly collapsed?: boolean;
}

/** What the sidebar shows, in the order in which a newcomer reads. Each page of the site is in it once; a test says so. */
export const SECTIONS: readonly Section[] = [
  {
    text: 'Start',
    pages: [
      ['Two-minute tour', 'tour'],
      ['Delivery guarantees', 'delivery'],
      ['Benchmarks', 'benchmarks'],
    ],
  },
  {
    text: 'Concepts',
    pages: [
      ['Overview', 'concepts/'],
      ['The flow of a record', 'concepts/record-flow'],
      ['Lanes and leases', 'concepts/lanes-and-leases'],
      ['Backpressure', 'concepts/backpressure'],
      ['Retries and dead letters', 'concepts/retries-and-dead-letters'],
      ['The replay filter', 'concepts/replay-filter'],
      ['How a function commits', 'concepts/functions-commit'],
      ['Architecture', 'ARCHITECTURE'],
    ],
  },
  {
    text: 'Move to Sluice',
    pages: [
      ['From Benthos', 'guides/from-benthos'],
      ['From Stateful Functions', 'moving-from-stateful-functions'],
      ['From the KCL', 'guides/from-the-kcl'],
      ['From the KPL', 'guides/from-the-kpl'],
      ['Taking over a running application', 'guides/take-over'],
      ['Differences from the originals', 'differences'],
    ],
  },
  {
    text: 'Functions',
    pages: [
      ['Remote functions', 'functions'],
      ['HTTP front', 'http-front'],
      ['Protocol', 'function-protocol'],
    ],
  },
  {
    text: 'Use from code',
    pages: [
      ['The client', 'client'],
      ['Embedding a worker', 'embedding'],
    ],
  },
  {
    text: 'Deploy',
    pages: [
      ['Docker', 'deploy/docker'],
      ['Kubernetes', 'deploy/kubernetes'],
      ['systemd', 'deploy/systemd'],
      ['Redis', 'redis'],
      ['Security', 'security'],
      ['Upgrading', 'upgrading'],
    ],
  },
  {
    text: 'Operate',
    pages: [
      ['Operations', 'operations'],
      ['Dead letters', 'dead-letters'],
      ['Status page', 'status-page'],
      ['API of the board', 'board-api'],
      ['Command line', 'command-line'],
      ['Runbook', 'runbook'],
      ['Tracing', 'tracing'],
      ['Logs', 'logs'],
    ],
  },
  {
    text: 'Reference',
    pages: [
      ['Configuration', 'configuration/'],
      ['Benthos files', 'configuration/benthos'],
      ['Processors', 'configuration/processors'],
      ['Caches and rate limits', 'configuration/resources'],
      ['Templates', 'configuration/templates'],
      ['Pipelines in one process', 'configuration/pipelines'],
      ['From Kinesis to other outputs', 'configuration/lane-outputs'],
      ['SQS and S3', 'configuration/aws-outputs'],
      ['Batches of an input', 'configuration/input-batches'],
      ['Streams of DynamoDB tables', 'configuration/dynamodb-streams'],
      ['module.yaml', 'configuration/module'],
      ['Settings of Sluice', 'configuration/sluice'],
      ['Bloblang', 'bloblang/'],
      ['Bloblang functions', 'bloblang/functions'],
      ['Bloblang methods', 'bloblang/methods'],
      ['Errors', 'errors'],
      ['Metrics and log events', 'metrics'],
      ['State machines', 'machines'],
    ],
  },
  { text: 'Decisions', collapsed: true, pages: [['Why it is so', 'decisions/']] },
];
