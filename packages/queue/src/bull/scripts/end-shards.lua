-- Notes that shards were read to their end: nothing of them will be enqueued any more. How far a lane has seen such a shard is
-- forgotten once every job that is in the lane by now has left it, because until then any of them may be a replay; at once where the
-- lane is empty, by `settle-jobs` otherwise. Called again it changes nothing.
--
-- KEYS[1]   BullMQ's waiting jobs
-- KEYS[2]   BullMQ's active jobs
-- KEYS[3]   BullMQ's counter of ids
-- KEYS[4]   replay filter
-- KEYS[5]   ended shards
-- ARGV[1..] the shards, each without a number of lanes
--
-- Answers how many fields of the filter were removed
-- The first write makes nothing larger: then a full Redis accepts the others.
redis.call('HDEL', KEYS[5], '')
local isEmpty = redis.call('LLEN', KEYS[1]) + redis.call('LLEN', KEYS[2]) == 0
local newest = redis.call('GET', KEYS[3]) or '0'
local fields, removed = redis.call('HKEYS', KEYS[4]), 0
for _, shard in ipairs(ARGV) do
  if not isEmpty then
    redis.call('HSETNX', KEYS[5], shard, newest)
  else
    redis.call('HDEL', KEYS[5], shard)
    for _, field in ipairs(fields) do
      if field == shard or string.sub(field, 1, #shard + 1) == shard .. '/' then removed = removed + redis.call('HDEL', KEYS[4], field) end
    end
  end
end
return removed
