-- Takes the next jobs of a lane, as BullMQ's `moveToActive` does with one, for the lane's owner only.
-- Called again after a lost answer it takes further jobs, which the owner notices.
--
-- KEYS[1]  the lane's lease row
-- KEYS[2]  the lane's state
-- KEYS[3]  BullMQ's metadata of the queue
-- KEYS[4]  BullMQ's waiting jobs
-- KEYS[5]  BullMQ's active jobs
-- KEYS[6]  BullMQ's events
-- KEYS[7]  BullMQ's counter of ids
-- ARGV[1]  token number of the lease
-- ARGV[2]  its owner
-- ARGV[3]  what the key of a job begins with
-- ARGV[4]  how many events the queue keeps
-- ARGV[5]  how many jobs at most
-- ARGV[6]  the lock of each job
-- ARGV[7]  how long the lock lasts, ms
-- ARGV[8]  no further job is taken once those taken hold more than so many bytes, as their data say
-- ARGV[9]  or more than so many records
--
-- Answers {'lost'} (the lease belongs to another owner) | {'blocked', ms left}
--      or {'taken', how often the replay filter was cleared, jobs waiting, {id of an active job, ...}, id of the newest job ever,
--          {id, data, ...} of each job taken}, with '' for the data of a job that does not exist although its id was queued
local token, owner = unpack(redis.call('HMGET', KEYS[1], 'token', 'owner'))
if token ~= ARGV[1] or owner ~= ARGV[2] then return {'lost'} end

-- The first write makes nothing larger: then a full Redis accepts the others.
redis.call('HDEL', KEYS[1], '')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local till, longest, clearings = unpack(redis.call('HMGET', KEYS[2], 'blockedUntil', 'blockedForMs', 'clearings'))
if till then
  local left = tonumber(till) - now
  -- More than it was blocked for: the clock was set back.
  if left > tonumber(longest or left) then
    left = tonumber(longest)
    redis.call('HSET', KEYS[2], 'blockedUntil', string.format('%.0f', now + left))
  end
  if left > 0 then return {'blocked', left} end
  redis.call('HDEL', KEYS[2], 'blockedUntil', 'blockedForMs', 'blockedReason')
end
-- Nothing is taken by a BullMQ worker, which knows nothing of the lease.
redis.call('HSET', KEYS[3], 'concurrency', 0)

local taken, bytes, records = {}, 0, 0
local mostBytes, mostRecords = tonumber(ARGV[8]), tonumber(ARGV[9])
local limit = redis.call('HEXISTS', KEYS[3], 'paused') == 1 and 0 or tonumber(ARGV[5])
for _ = 1, limit do
  local id = bytes <= mostBytes and records <= mostRecords and redis.call('RPOPLPUSH', KEYS[4], KEYS[5])
  if not id then break end
  local key = ARGV[3] .. id
  redis.call('SET', key .. ':lock', ARGV[6], 'PX', ARGV[7])
  redis.call('XADD', KEYS[6], 'MAXLEN', '~', ARGV[4], '*', 'event', 'active', 'jobId', id, 'prev', 'waiting')
  redis.call('HSET', key, 'processedOn', string.format('%.0f', now))
  redis.call('HINCRBY', key, 'ats', 1)
  local data = redis.call('HGET', key, 'data') or ''
  taken[#taken + 1] = id
  taken[#taken + 1] = data
  -- Quotation marks within texts are escaped, so that this is a name.
  bytes = bytes + (tonumber(string.match(data, '"bytes":(%d+)')) or 0)
  records = records + (tonumber(string.match(data, '"records":(%d+)')) or 0)
end
return {'taken', tonumber(clearings or 0), redis.call('LLEN', KEYS[4]), redis.call('LRANGE', KEYS[5], 0, -1),
  tonumber(redis.call('GET', KEYS[7]) or 0), taken}
