-- First command of the transaction that returns all active jobs to the head of the lane: a take-over, or a hand-back with marks.
-- Gives each active job a lock of this transaction's own, with which BullMQ's `moveJobFromActiveToWait` after it may move the job;
-- so what is refused here is refused there as well. Writes the marks of the jobs that are handed back and blocks the lane.
--
-- KEYS[1]   the lane's lease row
-- KEYS[2]   the lane's state
-- KEYS[3]   BullMQ's active jobs
-- ARGV[1]   token number of the lease
-- ARGV[2]   its owner
-- ARGV[3]   lock of this transaction, used for nothing else
-- ARGV[4]   what the key of a job begins with
-- ARGV[5]   the active jobs as the caller saw them, in the list's order, joined by commas
-- ARGV[6]   block the lane for this time from now, ms; 0 leaves a block as it is
-- ARGV[7]   why
-- ARGV[8..] id, payload id and new data of each marked job
--
-- Answers {'lost'} | {'changed'} (other jobs are active by now: look again)
--      or {'open', id of an active job that does not exist any more and was taken off the list, ...}
local token, owner = unpack(redis.call('HMGET', KEYS[1], 'token', 'owner'))
if token ~= ARGV[1] or owner ~= ARGV[2] then return {'lost'} end
local active = redis.call('LRANGE', KEYS[3], 0, -1)
if table.concat(active, ',') ~= ARGV[5] then return {'changed'} end

-- A write that makes nothing larger comes first: a full Redis then lets the others pass.
redis.call('HDEL', KEYS[1], '')
local answer = {'open'}
for _, id in ipairs(active) do
  if redis.call('EXISTS', ARGV[4] .. id) == 1 then
    redis.call('SET', ARGV[4] .. id .. ':lock', ARGV[3], 'PX', 60000)
  else
    redis.call('LREM', KEYS[3], 0, id)
    answer[#answer + 1] = id
  end
end
for i = 8, #ARGV, 3 do
  local data = redis.call('HGET', ARGV[4] .. ARGV[i], 'data')
  if data and string.find(data, ARGV[i + 1], 1, true) then redis.call('HSET', ARGV[4] .. ARGV[i], 'data', ARGV[i + 2]) end
end
if tonumber(ARGV[6]) > 0 then
  local time = redis.call('TIME')
  local till = time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[6]
  redis.call('HSET', KEYS[2], 'blockedUntil', string.format('%.0f', till), 'blockedReason', ARGV[7])
end
return answer
