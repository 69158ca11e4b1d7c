export { compileJmespath, JmespathSyntaxError } from './compile.ts';
