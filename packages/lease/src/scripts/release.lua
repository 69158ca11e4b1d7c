-- Gives a lease back at once, and tells the group. The token number stays, so that the next one is higher.
-- Repeated after a lost answer it changes nothing.
--
-- KEYS[1]  the lease row
-- ARGV[1]  token number
-- ARGV[2]  owner
-- ARGV[3]  the worker that shall have it next, or ''
-- ARGV[4]  how long others leave it to that worker, ms
-- ARGV[5]  the group's notice channel
--
-- Answers 'released', or 'gone' if it was released before or belongs to another owner by now
local token, owner = unpack(redis.call('HMGET', KEYS[1], 'token', 'owner'))
if token ~= ARGV[1] or owner ~= ARGV[2] then return 'gone' end

-- The first write makes nothing larger: then a full Redis accepts the others.
redis.call('HDEL', KEYS[1], '')
redis.call('HSET', KEYS[1], 'owner', '', 'worker', '', 'until', 0)
if ARGV[3] ~= '' then
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  redis.call('HSET', KEYS[1], 'heir', ARGV[3], 'heirUntil', string.format('%.0f', now + ARGV[4]))
end
redis.call('PUBLISH', ARGV[5], ARGV[3] == '' and 'released' or 'released for ' .. ARGV[3])
return 'released'
