-- Forgets how far a lane has seen its shards, on an operator's order: what is read again on purpose must not be taken for a replay.
-- Only for a lane without jobs, because a job that is acked later would be remembered again. The lane's owner notices by the number of
-- clearings, which its next take tells.
--
-- KEYS[1]  BullMQ's waiting jobs
-- KEYS[2]  BullMQ's active jobs
-- KEYS[3]  replay filter
-- KEYS[4]  the lane's state
-- ARGV[1]  what the shards to forget begin with; '' for all
--
-- Answers {jobs in the lane} (nothing is changed unless there are none)
local jobs = redis.call('LLEN', KEYS[1]) + redis.call('LLEN', KEYS[2])
if jobs > 0 then return {jobs} end

for _, shard in ipairs(redis.call('HKEYS', KEYS[3])) do
  if string.sub(shard, 1, #ARGV[1]) == ARGV[1] then redis.call('HDEL', KEYS[3], shard) end
end
redis.call('HINCRBY', KEYS[4], 'clearings', 1)
return {0}
