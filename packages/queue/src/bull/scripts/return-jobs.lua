-- Returns all active jobs to the head of the lane, highest id first, so that the lowest is the next to be taken: a take-over, or a
-- hand-back with what remains of each job. Does to each what BullMQ's `moveJobFromActiveToWait` does. May block the lane.
--
-- KEYS[1]   the lane's lease row
-- KEYS[2]   the lane's state
-- KEYS[3]   BullMQ's metadata of the queue
-- KEYS[4]   BullMQ's waiting jobs
-- KEYS[5]   BullMQ's active jobs
-- KEYS[6]   BullMQ's events
-- KEYS[7]   BullMQ's counter of ids
-- KEYS[8]   replay filter
-- KEYS[9]   acked above a gap
-- ARGV[1]   token number of the lease
-- ARGV[2]   its owner
-- ARGV[3]   what the key of a job begins with
-- ARGV[4]   how many events the queue keeps
-- ARGV[5]   block the lane for this time from now, ms; 0 leaves a block as it is
-- ARGV[6]   why
-- ARGV[7..] id, payload id and new data of each job of which something is written down
--
-- Answers {'lost'} (the lease belongs to another owner)
--      or {'returned', how often the replay filter was cleared, jobs waiting, {id of an active job, ...}, id of the newest job ever,
--          jobs returned, {id of an active job that does not exist and was taken off the list, ...}, ms for which the lane is blocked,
--          {field, value, ...} of the replay filter, {field, value, ...} of what is acked above a gap}
local token, owner = unpack(redis.call('HMGET', KEYS[1], 'token', 'owner'))
if token ~= ARGV[1] or owner ~= ARGV[2] then return {'lost'} end

-- The first write makes nothing larger: then a full Redis accepts the others.
redis.call('HDEL', KEYS[1], '')
redis.call('HSET', KEYS[3], 'concurrency', 0)
for i = 7, #ARGV, 3 do
  local key = ARGV[3] .. ARGV[i]
  local data = redis.call('HGET', key, 'data')
  if data and string.find(data, ARGV[i + 1], 1, true) then redis.call('HSET', key, 'data', ARGV[i + 2]) end
end

local active, returned, vanished = redis.call('LRANGE', KEYS[5], 0, -1), 0, {}
table.sort(active, function(a, b) return (tonumber(a) or 0) > (tonumber(b) or 0) end)
for _, id in ipairs(active) do
  redis.call('LREM', KEYS[5], 1, id)
  if redis.call('EXISTS', ARGV[3] .. id) == 1 then
    redis.call('DEL', ARGV[3] .. id .. ':lock')
    redis.call('RPUSH', KEYS[4], id)
    redis.call('XADD', KEYS[6], 'MAXLEN', '~', ARGV[4], '*', 'event', 'waiting', 'jobId', id, 'prev', 'active')
    returned = returned + 1
  else
    vanished[#vanished + 1] = id
  end
end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if tonumber(ARGV[5]) > 0 then
  redis.call('HSET', KEYS[2], 'blockedUntil', string.format('%.0f', now + ARGV[5]), 'blockedForMs', ARGV[5], 'blockedReason', ARGV[6])
end
local till, longest, clearings = unpack(redis.call('HMGET', KEYS[2], 'blockedUntil', 'blockedForMs', 'clearings'))
-- More than it was blocked for: the clock was set back.
local blockedForMs = math.max(0, math.min(tonumber(till or 0) - now, tonumber(longest or till or 0)))
return {'returned', tonumber(clearings or 0), redis.call('LLEN', KEYS[4]), redis.call('LRANGE', KEYS[5], 0, -1),
  tonumber(redis.call('GET', KEYS[7]) or 0), returned, vanished, blockedForMs,
  redis.call('HGETALL', KEYS[8]), redis.call('HGETALL', KEYS[9])}
