import { type ComponentSettings, withNestedComponents } from '@sluice/config';

/** Outputs that write by themselves what they are handed, and others that only say where it goes. */
const IN_ORDER: ReadonlySet<string> = new Set([
  ...['aws_kinesis', 'drop', 'reject'],
  ...['broker', 'switch', 'fallback', 'retry', 'drop_on', 'reject_errored', 'resource'],
]);

/** Whether an output writes records of a key in the order in which it is handed them, though several are under way: the writer to Kinesis does. */
export const keepsOrder = (output: ComponentSettings): boolean =>
  withNestedComponents(output).every((each) => IN_ORDER.has(each.type) || isWithoutOrder(each));

/** Readers of a standard queue get its messages in any order. */
const isWithoutOrder = ({ type, options }: ComponentSettings): boolean =>
  type === 'aws_sqs' && !(options as { readonly url: string }).url.endsWith('.fifo');
