-- Takes a job that cannot be read out of its lane, with what is left of it. Its owner looks at the lane anew.
-- Nothing is changed unless job and payload are as they were examined.
--
-- KEYS[1]  the lane's lease row
-- KEYS[2]  the lane's state
-- KEYS[3]  BullMQ's waiting jobs
-- KEYS[4]  BullMQ's active jobs
-- KEYS[5]  BullMQ's events
-- KEYS[6]  payloads
-- KEYS[7]  gauge
-- ARGV[1]  what the key of a job begins with
-- ARGV[2]  id
-- ARGV[3]  its data as it was examined; '' where it had none
-- ARGV[4]  its payload id; '' where that is not known
-- ARGV[5]  length of the payload as it was examined; 0 where it was missing
-- ARGV[6]  records that it counts in the gauge
-- ARGV[7]  bytes
-- ARGV[8]  how many events a queue keeps
--
-- Answers 'dropped', 'changed' (not as it was examined), 'gone' (not in the lane)
--      or 'inUse' (it has a payload, and a worker that may be able to read it has the lane and has not given up)
local key = ARGV[1] .. ARGV[2]
if (redis.call('HGET', key, 'data') or '') ~= ARGV[3] then return 'changed' end
local payload = ARGV[4] ~= '' and redis.call('HGET', KEYS[6], ARGV[4]) or ''
if #payload ~= tonumber(ARGV[5]) then return 'changed' end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if #payload > 0 then
  local owner, till = unpack(redis.call('HMGET', KEYS[1], 'owner', 'until'))
  local blockedUntil = tonumber(redis.call('HGET', KEYS[2], 'blockedUntil') or 0)
  if owner and owner ~= '' and tonumber(till) > now and blockedUntil <= now then return 'inUse' end
end

if redis.call('LREM', KEYS[3], 0, ARGV[2]) + redis.call('LREM', KEYS[4], 0, ARGV[2]) == 0 then return 'gone' end
redis.call('DEL', key, key .. ':lock', key .. ':logs')
if ARGV[4] ~= '' then redis.call('HDEL', KEYS[6], ARGV[4]) end
redis.call('HDEL', KEYS[2], 'blockedUntil', 'blockedForMs', 'blockedReason')
redis.call('HINCRBY', KEYS[7], 'records', 0 - ARGV[6])
redis.call('HINCRBY', KEYS[7], 'bytes', 0 - ARGV[7])
redis.call('HINCRBY', KEYS[2], 'clearings', 1)
redis.call('XADD', KEYS[5], 'MAXLEN', '~', ARGV[8], '*', 'event', 'removed', 'jobId', ARGV[2], 'prev', 'waiting')
return 'dropped'
