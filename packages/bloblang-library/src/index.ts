export { defaultEnvironment } from './default-environment.ts';
export { compileJsonSchema, type JsonSchemaCheck } from './methods/parsing/json-schema/json-schema-check.ts';
export { type ParseOptions, parseInterpolation, parseMapping } from './parse.ts';
