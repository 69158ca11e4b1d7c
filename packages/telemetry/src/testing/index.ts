export { attributesOf, startCollector } from './collector.ts';
export { openTestTracing, type TestSpan } from './test-tracing.ts';
