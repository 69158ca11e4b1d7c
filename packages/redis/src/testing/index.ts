export { type RedisProxy, startRedisProxy } from './redis-proxy.ts';
