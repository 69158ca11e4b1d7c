export { openSource } from './open-source.ts';
export { isTableStream } from './stream-arn.ts';
