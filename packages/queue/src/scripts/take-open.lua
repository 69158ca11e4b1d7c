-- First command of the transaction that takes jobs: opens the lane for the BullMQ commands after it, for its owner only.
-- A lane is kept closed by the setting `concurrency` 0 in BullMQ's queue metadata: then `moveToActive` takes nothing, whoever calls it.
-- `take-close` closes it again in the same transaction. Made again after a lost answer it takes further jobs, which the owner notices.
--
-- KEYS[1]  the lane's lease row
-- KEYS[2]  the lane's state
-- KEYS[3]  BullMQ's metadata of the queue
-- ARGV[1]  token number of the lease
-- ARGV[2]  its owner
--
-- Answers {'open', how often the replay filter was cleared} | {'lost'} (the lease is somebody else's) | {'blocked', ms left}
local token, owner = unpack(redis.call('HMGET', KEYS[1], 'token', 'owner'))
-- A write that makes nothing larger comes first: a full Redis then lets the others pass.
redis.call('HDEL', KEYS[1], '')
redis.call('HSET', KEYS[3], 'concurrency', 0)
if token ~= ARGV[1] or owner ~= ARGV[2] then return {'lost'} end

local till = tonumber(redis.call('HGET', KEYS[2], 'blockedUntil') or 0)
if till > 0 then
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  if till > now then return {'blocked', till - now} end
  redis.call('HDEL', KEYS[2], 'blockedUntil', 'blockedReason')
end
redis.call('HDEL', KEYS[3], 'concurrency')
return {'open', tonumber(redis.call('HGET', KEYS[2], 'clearings') or 0)}
