export { notProvided } from './not-provided.ts';
