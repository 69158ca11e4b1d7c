export { startTableStub } from './table-stub.ts';
