export { startTableStub, type TableStub } from './table-stub.ts';
