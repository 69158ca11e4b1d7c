-- Removes the rows of shards that were read to their end and that the stream no longer lists: nothing refers to them any more.
--
-- KEYS[1]    the table of the stream
-- ARGV[1..]  the shard IDs that the stream lists
--
-- Answers the shard IDs removed
local listed = {}
for _, shardId in ipairs(ARGV) do listed[shardId] = true end
local removed = {}
for _, shardId in ipairs(redis.call('HKEYS', KEYS[1])) do
  local row = KEYS[1] .. ':' .. shardId
  if not listed[shardId] and redis.call('HEXISTS', row, 'ended') == 1 then
    redis.call('DEL', row)
    redis.call('HDEL', KEYS[1], shardId)
    removed[#removed + 1] = shardId
  end
end
return removed
