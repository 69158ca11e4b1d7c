-- Forgets how far a lane has seen some shards, on an operator's order: what is read again on purpose must not be taken for a replay.
-- Only for a lane without jobs, because a job that is acked later would be remembered again. The lane's owner notices by the number of
-- clearings, which its next take tells.
--
-- KEYS[1]  BullMQ's waiting jobs
-- KEYS[2]  BullMQ's active jobs
-- KEYS[3]  replay filter
-- KEYS[4]  the lane's state
-- ARGV     the shards to forget, as stream/shard; also those under another number of lanes, as stream/shard/lanes
--
-- Answers {jobs in the lane} (nothing is changed unless there are none)
local jobs = redis.call('LLEN', KEYS[1]) + redis.call('LLEN', KEYS[2])
if jobs > 0 then return {jobs} end

for _, shard in ipairs(redis.call('HKEYS', KEYS[3])) do
  for _, forgotten in ipairs(ARGV) do
    if shard == forgotten or string.sub(shard, 1, #forgotten + 1) == forgotten .. '/' then redis.call('HDEL', KEYS[3], shard) end
  end
end
redis.call('HINCRBY', KEYS[4], 'clearings', 1)
return {0}
