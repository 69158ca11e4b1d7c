-- Makes a row for each shard that has none; a row that exists is never changed.
-- The shards of the first call begin at the configured start. A shard that turns up later is a child of one that is being read, or
-- appeared after the stream was first seen: it begins at its oldest record, so that nothing between is missed.
-- Repeated it changes nothing.
--
-- KEYS[1]    the table: a hash of shard ID -> parents' shard IDs joined by a comma; the row of a shard is KEYS[1]:<shard ID>
-- KEYS[2]    where tables are listed, or the table again where it is listed nowhere
-- ARGV[1]    stream ARN
-- ARGV[2]    stream creation time, ms
-- ARGV[3]    the group's notice channel
-- ARGV[4]    the name of the table in that list
-- ARGV[5..]  shard ID, joined parents and the configured start as a checkpoint, in threes
--
-- Answers {'created', how many} | {'recreated', stored ARN, stored creation time} with nothing changed
local function row(shardId) return KEYS[1] .. ':' .. shardId end

for _, shardId in ipairs(redis.call('HKEYS', KEYS[1])) do
  local arn, createdAt = unpack(redis.call('HMGET', row(shardId), 'streamArn', 'streamCreatedAt'))
  if arn and (arn ~= ARGV[1] or createdAt ~= ARGV[2]) then return {'recreated', arn, createdAt} end
end

local isFirst = redis.call('EXISTS', KEYS[1]) == 0
local created = 0
for i = 5, #ARGV, 3 do
  local start = isFirst and ARGV[i + 2] or 'TRIM_HORIZON'
  if redis.call('HSETNX', KEYS[1], ARGV[i], ARGV[i + 1]) == 1 or redis.call('EXISTS', row(ARGV[i])) == 0 then
    redis.call('HSET', row(ARGV[i]), 'shardId', ARGV[i], 'parents', ARGV[i + 1], 'streamArn', ARGV[1], 'streamCreatedAt', ARGV[2],
      'checkpoint', start, 'startedAt', start)
    created = created + 1
  end
end
if KEYS[2] ~= KEYS[1] then redis.call('SADD', KEYS[2], ARGV[4]) end
if created > 0 then redis.call('PUBLISH', ARGV[3], 'created') end
return {'created', created}
