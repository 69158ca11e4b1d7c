-- Tells an ingress when it may call a shard next, where others poll the stream too. Each call takes a turn, in the order in which they are
-- asked for; what one ingress does not use is another's.
--
-- KEYS[1]  the stream's readers, a zset: ingress -> until when it counts as one (Redis' time, ms)
-- KEYS[2]  the turns, a hash: shard -> from when on turns are free; `SHARD paid` -> when its last pages are paid for (Redis' time, ms)
-- ARGV[1]  the ingress
-- ARGV[2]  the shard; '' where only the readers are asked for
-- ARGV[3]  ms between two calls to the shard; 0 where a page has come
-- ARGV[4]  ms for which the shard pays for that page, or 0
-- ARGV[5]  '1' where the caller has its turn; it needs another one where a page came meanwhile that is not paid for
--
-- Answers {ms until the call may be sent, ingresses that poll the stream}

-- More often than that each of them asks.
local COUNTED = 15000
local KEPT = 60000

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], now + COUNTED, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('PEXPIRE', KEYS[1], COUNTED)
local readers = redis.call('ZCARD', KEYS[1])
local shard = ARGV[2]
if shard == '' then return {0, readers} end

local free, paid = unpack(redis.call('HMGET', KEYS[2], shard, shard .. ' paid'))
free, paid = tonumber(free or '0'), math.max(now, tonumber(paid or '0')) + tonumber(ARGV[4])
local at = paid
if ARGV[3] ~= '0' and (ARGV[5] == '0' or paid > now) then
  at = math.max(paid, free)
  free = at + tonumber(ARGV[3])
end
-- Written out: as numbers they would lose their last digits.
redis.call('HSET', KEYS[2], shard, string.format('%.0f', free), shard .. ' paid', string.format('%.0f', paid))
redis.call('PEXPIRE', KEYS[2], KEPT)
return {at - now, readers}
