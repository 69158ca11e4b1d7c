export { defaultEnvironment } from './default-environment.ts';
export { type ParseOptions, parseInterpolation, parseMapping } from './parse.ts';
