-- Sets where shards are read from, on an operator's order, before anybody reads them: all of them, or none.
-- Without leave to replace nothing may be known of the stream yet. With it nobody may hold a shard; rows keep their token numbers.
-- Repeated after a lost answer it finds its own rows and answers as before.
--
-- KEYS[1]    the table of the stream, see create-shards.lua
-- KEYS[2]    where tables are listed
-- ARGV[1]    stream ARN
-- ARGV[2]    stream creation time, ms
-- ARGV[3]    the group's notice channel
-- ARGV[4]    the name of the table in that list
-- ARGV[5]    '1' to replace what is there
-- ARGV[6..]  shard ID, joined parents and checkpoint, in threes
--
-- Answers {'imported'} | {'recreated', stored ARN, stored creation time} | {'known', a shard ID} | {'held', a shard ID}
local function row(shardId) return KEYS[1] .. ':' .. shardId end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local wanted = {}
for i = 6, #ARGV, 3 do wanted[ARGV[i]] = ARGV[i + 2] end
for _, shardId in ipairs(redis.call('HKEYS', KEYS[1])) do
  local arn, createdAt, owner, till, token, started =
    unpack(redis.call('HMGET', row(shardId), 'streamArn', 'streamCreatedAt', 'owner', 'until', 'token', 'startedAt'))
  if arn and (arn ~= ARGV[1] or createdAt ~= ARGV[2]) then return {'recreated', arn, createdAt} end
  local isOwn = not token and started == wanted[shardId]
  if ARGV[5] ~= '1' and not isOwn then return {'known', shardId} end
  if owner and owner ~= '' and tonumber(till) > now then return {'held', shardId} end
end

for i = 6, #ARGV, 3 do
  local key = row(ARGV[i])
  redis.call('HDEL', key, 'ended')
  redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1])
  redis.call('HSET', key, 'shardId', ARGV[i], 'parents', ARGV[i + 1], 'streamArn', ARGV[1], 'streamCreatedAt', ARGV[2],
    'checkpoint', ARGV[i + 2], 'startedAt', ARGV[i + 2])
  if ARGV[i + 2] == 'SHARD_END' then redis.call('HSET', key, 'ended', 'imported') end
end
redis.call('SADD', KEYS[2], ARGV[4])
redis.call('PUBLISH', ARGV[3], 'imported')
return {'imported'}
