export { createMemoryLeases, type MemoryConnection, type MemoryLeases } from './memory-leases.ts';
export { type RedisProxy, startRedisProxy } from './redis-proxy.ts';
