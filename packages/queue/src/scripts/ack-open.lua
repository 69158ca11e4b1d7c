-- First command of the transaction that acks jobs: gives each job that the owner may ack a lock of this transaction's own.
-- BullMQ's `moveToFinished` after it completes a job only with that lock, so what is refused here is refused there as well.
--
-- KEYS[1]   the lane's lease row
-- KEYS[2]   BullMQ's active jobs
-- ARGV[1]   token number of the lease
-- ARGV[2]   its owner
-- ARGV[3]   lock of this transaction, used for nothing else
-- ARGV[4]   what the key of a job begins with
-- ARGV[5..] id and payload id of each job
--
-- Answers {'lost'} or {'open', verdict, ...} with a verdict a job:
--   'ready'   it will be completed
--   'gone'    there is no such job: it was acked before
--   'stale'   it is not active, or another job bears its id (Redis came back older)
local token, owner = unpack(redis.call('HMGET', KEYS[1], 'token', 'owner'))
if token ~= ARGV[1] or owner ~= ARGV[2] then return {'lost'} end

-- A write that makes nothing larger comes first: a full Redis then lets the others pass.
redis.call('HDEL', KEYS[1], '')
local isActive = {}
for _, id in ipairs(redis.call('LRANGE', KEYS[2], 0, -1)) do isActive[id] = true end
local answer = {'open'}
for i = 5, #ARGV, 2 do
  local key = ARGV[4] .. ARGV[i]
  local data = redis.call('HGET', key, 'data')
  if not data then
    answer[#answer + 1] = 'gone'
  elseif isActive[ARGV[i]] and string.find(data, ARGV[i + 1], 1, true) then
    redis.call('SET', key .. ':lock', ARGV[3], 'PX', 60000)
    answer[#answer + 1] = 'ready'
  else
    answer[#answer + 1] = 'stale'
  end
end
return answer
