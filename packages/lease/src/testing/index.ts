export { createMemoryLeases, type MemoryConnection, type MemoryLeases } from './memory-leases.ts';
