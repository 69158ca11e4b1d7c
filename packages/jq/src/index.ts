export { compileJq, type JqFilter } from './compile-jq.ts';
export { JqSyntaxError } from './errors.ts';
