-- Last command of a transaction that takes or returns jobs: closes the lane (see `take-open`) and tells how it stands.
--
-- KEYS[1]  BullMQ's metadata of the queue
-- KEYS[2]  its waiting jobs
-- KEYS[3]  its active jobs
-- KEYS[4]  its counter of ids
--
-- Answers {waiting jobs, {id of an active job, ...}, id of the newest job ever}
-- A write that makes nothing larger comes first: a full Redis then lets the others pass.
redis.call('HDEL', KEYS[1], '')
redis.call('HSET', KEYS[1], 'concurrency', 0)
return {redis.call('LLEN', KEYS[2]), redis.call('LRANGE', KEYS[3], 0, -1), tonumber(redis.call('GET', KEYS[4]) or 0)}
