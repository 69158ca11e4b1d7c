-- Marks a shard as read to its end, releases its lease and makes rows for its children, all at once: they can be claimed from then on,
-- unless another parent of theirs has not ended. A child gets no row while another parent of it has none: no list has shown that one yet, and
-- the child would not wait for it. The next list, or the end of that parent, makes the row. Fenced, and a compare-and-set like a checkpoint.
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
local function areKnown(parents)
  for parent in string.gmatch(parents, '[^,]+') do
    if redis.call('EXISTS', KEYS[2] .. ':' .. parent) == 0 then return false end
  end
  return true
end
for i = 5, #ARGV, 2 do
  local child = KEYS[2] .. ':' .. ARGV[i]
  local isThere = redis.call('EXISTS', child) == 1
  if isThere or areKnown(ARGV[i + 1]) then redis.call('HSETNX', KEYS[2], ARGV[i], ARGV[i + 1]) end
  if not isThere and areKnown(ARGV[i + 1]) then
    redis.call('HSET', child, 'shardId', ARGV[i], 'parents', ARGV[i + 1], 'streamArn', arn, 'streamCreatedAt', createdAt,
      'checkpoint', 'TRIM_HORIZON', 'startedAt', 'TRIM_HORIZON')
  end
end
redis.call('PUBLISH', ARGV[4], 'ended')
return {'stored'}
