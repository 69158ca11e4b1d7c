-- Takes a worker out of its group, and tells the others, who then share its part out. Its leases are released one by one before.
--
-- KEYS[1]  members of the group
-- ARGV[1]  worker
-- ARGV[2]  the group's notice channel
--
-- Answers 1 if it was a member
local removed = redis.call('ZREM', KEYS[1], ARGV[1])
if removed == 1 then redis.call('PUBLISH', ARGV[2], 'left') end
return removed
