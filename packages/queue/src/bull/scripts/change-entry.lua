-- Gives a target another entry among the numbers of lanes, if it has the one that is expected.
--
-- KEYS[1]  targets and their numbers of lanes
-- ARGV[1]  target
-- ARGV[2]  its entry as it must be
-- ARGV[3]  its new entry
--
-- Answers 1, or 0 with nothing written
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 1
