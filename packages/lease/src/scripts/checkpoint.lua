-- Moves a shard's checkpoint: fenced, and a compare-and-set from the value that the caller last read or wrote.
-- A Redis that came back older, or an operator, may have put another value there; the caller must then go on from that one.
-- Repeated after a lost answer it finds its own value and answers as before.
--
-- KEYS[1]  the lease row
-- ARGV[1]  token number
-- ARGV[2]  owner
-- ARGV[3]  the value expected
-- ARGV[4]  the value to be stored
--
-- Answers {'stored'} | {'moved', the value that stands there} | {'fenced'} if the lease belongs to another owner by now
local token, owner, stored = unpack(redis.call('HMGET', KEYS[1], 'token', 'owner', 'checkpoint'))
if token ~= ARGV[1] or owner ~= ARGV[2] then return {'fenced'} end
if stored ~= ARGV[3] and stored ~= ARGV[4] then return {'moved', stored or ''} end
-- The first write makes nothing larger: then a full Redis accepts the others.
redis.call('HDEL', KEYS[1], '')
redis.call('HSET', KEYS[1], 'checkpoint', ARGV[4])
return {'stored'}
