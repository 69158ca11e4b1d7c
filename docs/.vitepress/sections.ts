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
      ['Architecture', 'ARCHITECTURE'],
      ['Delivery guarantees', 'delivery'],
      ['Benchmarks', 'benchmarks'],
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
    text: 'Move to Sluice',
    pages: [
      ['From Stateful Functions', 'moving-from-stateful-functions'],
      ['Differences from the originals', 'differences'],
    ],
  },
  { text: 'Operate', pages: [['Operations', 'operations']] },
  {
    text: 'Reference',
    pages: [
      ['Configuration', 'configuration/'],
      ['Benthos files', 'configuration/benthos'],
      ['Processors', 'configuration/processors'],
      ['module.yaml', 'configuration/module'],
      ['Settings of Sluice', 'configuration/sluice'],
      ['Bloblang', 'bloblang/'],
      ['Bloblang functions', 'bloblang/functions'],
      ['Bloblang methods', 'bloblang/methods'],
      ['Command line', 'command-line'],
      ['Errors', 'errors'],
      ['Metrics and log events', 'metrics'],
      ['State machines', 'machines'],
    ],
  },
  {
    text: 'Decisions',
    collapsed: true,
    pages: [['Why it is so', 'decisions/']],
  },
];
