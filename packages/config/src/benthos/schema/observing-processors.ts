import { z } from 'zod';
import { duration, flag, interpolation, oneOf, text } from '../../schema/leaf.ts';

/** Processors that look at records and let them pass. */
export const observingProcessors = {
  metric: z
    .strictObject({
      type: oneOf('counter', 'counter_by', 'gauge', 'timing').meta({
        description: 'What the metric is; a `counter` counts records, the others take `value`.',
      }),
      name: text().meta({ description: 'The name of the metric.' }),
      labels: z.record(z.string(), interpolation()).optional().meta({ description: 'Labels, beside `label` and `path` of the processor.' }),
      value: interpolation().prefault('').meta({ description: 'A number, not negative; whole, and in nanoseconds, for a `timing`.' }),
    })
    .meta({ description: 'Counts or measures records as a metric of your own. A value that is no number is only logged.' }),
  benchmark: z
    .strictObject({
      interval: duration().prefault('5s').meta({ description: 'How often the throughput is logged; `0s` logs nothing.' }),
      count_bytes: flag().prefault(true).meta({ description: 'Whether bytes are counted too.' }),
    })
    .meta({
      description:
        'Counts records and bytes as the metrics `benchmark_messages_total` and `benchmark_bytes_total`, and logs the throughput.',
    }),
  sync_response: z
    .strictObject({})
    .meta({ description: 'Answers whoever sent the records with what they are at this point, where the input can answer.' }),
  crash: interpolation().meta({ description: 'Logs a message and ends the process; what is in hand comes again after a start.' }),
};
