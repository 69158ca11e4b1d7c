export { type Greeter, type GreeterOptions, startGreeter } from './greeter.ts';
