-- Marks a shard as read to its end, releases its lease and makes rows for its children, all at once: they can be claimed from then on,
-- unless another parent of theirs has not ended. Fenced, and a compare-and-set like a checkpoint.
-- Repeated after a lost answer it finds its own mark and answers as before.
--
-- KEYS[1]    the lease row
-- KEYS[2]    the table of the stream, see create-shards.lua
-- ARGV[1]    token number
-- ARGV[2]    owner
-- ARGV[3]    the checkpoint expected
-- ARGV[4]    the group's notice channel
-- ARGV[5..]  child shard ID and its joined parents, in pairs
--
-- Answers {'stored'} | {'moved', the checkpoint that stands there} | {'fenced'}
local token, owner, stored, ended, arn, createdAt = unpack(redis.call('HMGET', KEYS[1], 'token', 'owner', 'checkpoint', 'ended', 'streamArn', 'streamCreatedAt'))
if ended == ARGV[1] .. ':' .. ARGV[2] then return {'stored'} end
if ended or token ~= ARGV[1] or owner ~= ARGV[2] then return {'fenced'} end
if stored ~= ARGV[3] then return {'moved', stored or ''} end

-- The first write makes nothing larger: then a full Redis accepts the others.
redis.call('HDEL', KEYS[1], '')
redis.call('HSET', KEYS[1], 'ended', ARGV[1] .. ':' .. ARGV[2], 'checkpoint', 'SHARD_END', 'owner', '', 'worker', '', 'until', 0)
for i = 5, #ARGV, 2 do
  local child = KEYS[2] .. ':' .. ARGV[i]
  redis.call('HSETNX', KEYS[2], ARGV[i], ARGV[i + 1])
  if redis.call('EXISTS', child) == 0 then
    redis.call('HSET', child, 'shardId', ARGV[i], 'parents', ARGV[i + 1], 'streamArn', arn, 'streamCreatedAt', createdAt,
      'checkpoint', 'TRIM_HORIZON', 'startedAt', 'TRIM_HORIZON')
  end
end
redis.call('PUBLISH', ARGV[4], 'ended')
return {'stored'}
