-- A worker's sign of life, in one round trip: keeps it a member of its group, drops members that fell silent, and renews all leases that it holds.
-- Repeated after a lost answer it does the same once more.
--
-- KEYS[1]    members of the group: a sorted set of workers, scored by the Redis time at which each is forgotten
-- KEYS[2]    the group's pause: exists while an operator wants nobody to hold its leases
-- KEYS[3..]  the lease rows that the worker holds
-- ARGV[1]    worker
-- ARGV[2]    how long worker and leases last from now, ms
-- ARGV[3]    '1' to be a member, '0' to be none while the last leases are kept
-- ARGV[4..]  token number and owner of KEYS[3], of KEYS[4], ...
--
-- Answers {members, {'renewed' | 'ended' (under this very token) | 'lost' (another worker's, or released) for KEYS[3], ...}, ms, paused, last}
--   ms      how far the clock was set back at least; 0 where nothing lasts longer than it was claimed for
--   paused  1 while the group is paused, else 0
--   last    how long each other member is one at least, ms; -1 where there is no other
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local till = string.format('%.0f', now + ARGV[2])
local setBack = 0
local function note(ends, ttl)
  if ends then setBack = math.max(setBack, tonumber(ends) - now - ttl) end
end

note(redis.call('ZSCORE', KEYS[1], ARGV[1]), ARGV[2])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
-- Members of a time that is yet to come, because the clock was set back. Those that live say so again in a moment.
for _, member in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], now + 10 * ARGV[2], '+inf')) do
  note(redis.call('ZSCORE', KEYS[1], member), ARGV[2])
  redis.call('ZADD', KEYS[1], till, member)
end
if ARGV[3] == '1' then
  redis.call('ZADD', KEYS[1], till, ARGV[1])
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
else
  redis.call('ZREM', KEYS[1], ARGV[1])
end

local leases = {}
for i = 3, #KEYS do
  local token, owner, ends, ttl = unpack(redis.call('HMGET', KEYS[i], 'token', 'owner', 'until', 'ttl'))
  local number, holder = ARGV[2 * i - 2], ARGV[2 * i - 1]
  if token == number and owner == holder then
    if ttl then note(ends, ttl) end
    -- A write costs by what it holds, here and in the append-only file.
    if ttl == ARGV[2] then redis.call('HSET', KEYS[i], 'until', till) else redis.call('HSET', KEYS[i], 'until', till, 'ttl', ARGV[2]) end
    leases[i - 2] = 'renewed'
  else
    leases[i - 2] = redis.call('HGET', KEYS[i], 'ended') == number .. ':' .. holder and 'ended' or 'lost'
  end
end

local members, last = {}, -1
-- Those that are forgotten first come first.
local scored = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
for i = 1, #scored, 2 do
  members[#members + 1] = scored[i]
  if last < 0 and scored[i] ~= ARGV[1] then last = scored[i + 1] - now end
end
return {members, leases, setBack, redis.call('EXISTS', KEYS[2]), last}
