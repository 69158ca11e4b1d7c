-- Sets a shard's checkpoint on an operator's order, whichever worker reads it: the reader's next checkpoint then meets another value and it
-- goes on from there. A shard that had ended is opened again.
--
-- KEYS[1]  the lease row
-- ARGV[1]  the new checkpoint
-- ARGV[2]  the group's notice channel
--
-- Answers the checkpoint that stood there, or '' if there is no such row (then nothing is changed)
local stored = redis.call('HGET', KEYS[1], 'checkpoint')
if not stored then return '' end
-- First, because it makes nothing larger: then a full Redis accepts the others.
redis.call('HDEL', KEYS[1], 'ended')
redis.call('HSET', KEYS[1], 'checkpoint', ARGV[1])
redis.call('PUBLISH', ARGV[2], 'rewound')
return stored
