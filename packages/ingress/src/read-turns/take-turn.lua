-- Tells an ingress when it may call a shard next, where others poll the stream too. Each call takes a turn, in the order in which they are
-- asked for; what one ingress does not use is another's.
--
-- KEYS[1]  the stream's readers, a zset: ingress -> until when it counts as one (Redis' time, ms)
-- KEYS[2]  the turns, a hash: shard -> when the next call may be sent (Redis' time, ms)
-- ARGV[1]  the ingress
-- ARGV[2]  the shard; '' where only the readers are asked for
-- ARGV[3]  ms that the call takes of the shard; negative where an earlier one took less than was thought
--
-- Answers {ms until the turn, ingresses that poll the stream}

-- More often than that each of them asks.
local COUNTED = 15000
local KEPT = 60000

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now + COUNTED, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('PEXPIRE', KEYS[1], COUNTED)
local readers = redis.call('ZCARD', KEYS[1])
if ARGV[2] == '' then return {0, readers} end
local free = math.max(now, tonumber(redis.call('HGET', KEYS[2], ARGV[2]) or '0'))
-- Written out: as a number it would lose its last digits.
redis.call('HSET', KEYS[2], ARGV[2], string.format('%.0f', free + tonumber(ARGV[3])))
redis.call('PEXPIRE', KEYS[2], KEPT)
return {free - now, readers}
