export { openSource, openTableSource } from './open-source.ts';
export { isTableStream } from './stream-arn.ts';
