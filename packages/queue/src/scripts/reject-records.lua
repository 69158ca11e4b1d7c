-- Marks records of a job in hand as resolved and stores those that are dead letters, both or neither. From here these are brought to
-- the target's dead letters, by this owner or the next. Made again after a lost answer it changes nothing.
--
-- KEYS[1]   the lane's lease row
-- KEYS[2]   BullMQ's active jobs
-- KEYS[3]   the job
-- KEYS[4]   dead letters on their way
-- ARGV[1]   token number of the lease
-- ARGV[2]   its owner
-- ARGV[3]   id of the job
-- ARGV[4]   its payload id
-- ARGV[5]   its new data
-- ARGV[6..] id and content of each dead letter; none where the records were delivered
--
-- Answers 'stored' | 'lost' (the lease is somebody else's) | 'stale' (the job is not in hand)
local token, owner = unpack(redis.call('HMGET', KEYS[1], 'token', 'owner'))
if token ~= ARGV[1] or owner ~= ARGV[2] then return 'lost' end
local data = redis.call('HGET', KEYS[3], 'data')
if not data or not string.find(data, ARGV[4], 1, true) or not redis.call('LPOS', KEYS[2], ARGV[3]) then return 'stale' end

-- A write that makes nothing larger comes first: a full Redis then lets the others pass.
redis.call('HDEL', KEYS[1], '')
redis.call('HSET', KEYS[3], 'data', ARGV[5])
for i = 6, #ARGV, 2 do redis.call('HSET', KEYS[4], ARGV[i], ARGV[i + 1]) end
return 'stored'
