import { defineFunction } from '@sluice/bloblang';

const failed = 'if an earlier step failed on the message, otherwise null';

export const error = defineFunction('error', {
  category: 'Message Info',
  status: 'stable',
  description: `The reason ${failed}.`,
  examples: [{ mapping: 'root.reason = error()', input: {}, output: { reason: null } }],
  evaluate: (_, { execution, index }) => execution.failure(index)?.message ?? null,
});

export const errored = defineFunction('errored', {
  category: 'Message Info',
  status: 'stable',
  description: 'Whether an earlier step failed on the message.',
  examples: [{ mapping: 'root.status = if errored() { 400 } else { 200 }', input: {}, output: { status: 200 } }],
  evaluate: (_, { execution, index }) => execution.failure(index) !== undefined,
});

export const errorSourceName = defineFunction('error_source_name', {
  category: 'Message Info',
  status: 'stable',
  description: `The name of the component that failed ${failed}.`,
  examples: [{ mapping: 'root.by = error_source_name()', input: {}, output: { by: null } }],
  evaluate: (_, { execution, index }) => execution.failure(index)?.name ?? null,
});

export const errorSourceLabel = defineFunction('error_source_label', {
  category: 'Message Info',
  status: 'stable',
  description: `The label of the component that failed ${failed}.`,
  examples: [{ mapping: 'root.by = error_source_label()', input: {}, output: { by: null } }],
  evaluate: (_, { execution, index }) => execution.failure(index)?.label ?? null,
});

export const errorSourcePath = defineFunction('error_source_path', {
  category: 'Message Info',
  status: 'stable',
  description: `The path of the component that failed ${failed}.`,
  examples: [{ mapping: 'root.by = error_source_path()', input: {}, output: { by: null } }],
  evaluate: (_, { execution, index }) => execution.failure(index)?.path ?? null,
});

export const tracingId = defineFunction('tracing_id', {
  category: 'Message Info',
  status: 'experimental',
  description: 'The trace a message belongs to. Messages carry no trace here, so it is all zeros.',
  examples: [{ mapping: 'root.trace = tracing_id()', input: {}, output: { trace: '00000000000000000000000000000000' } }],
  evaluate: () => '0'.repeat(32),
});

export const tracingSpan = defineFunction('tracing_span', {
  category: 'Message Info',
  status: 'experimental',
  description: 'The tracing span of a message as an object. Messages carry no span here, so it is empty.',
  examples: [{ mapping: 'root.span = tracing_span()', input: {}, output: { span: {} } }],
  evaluate: () => ({}),
});
