-- Removes the rows of shards that have left the stream, as far as they were read to their end: nothing refers to them any more.
-- The arguments name the rows to remove, not those to keep: a row that was made and ended since the caller listed them stays.
--
-- KEYS[1]    the table of the stream
-- ARGV[1..]  the shard IDs that have left it
--
-- Answers the shard IDs removed
local removed = {}
for _, shardId in ipairs(ARGV) do
  local row = KEYS[1] .. ':' .. shardId
  if redis.call('HEXISTS', row, 'ended') == 1 then
    redis.call('DEL', row)
    redis.call('HDEL', KEYS[1], shardId)
    removed[#removed + 1] = shardId
  end
end
return removed
