-- Takes a lease: a row that is free, has expired, or is the same worker's own from an earlier claim or connection.
-- Each success gives a new token number, one above every number this row ever had; nothing else changes the number, and a release
-- keeps it. A claim whose answer was lost is simply repeated: it succeeds under the next number, and the lost one is void.
-- Time is Redis's own. A clock that was set back leaves times of the former hour behind: nothing lasts longer than it was claimed for.
--
-- KEYS[1]    the lease row, a hash
-- KEYS[2..]  rows that must have ended before this one may be claimed; an absent one counts as ended
-- KEYS[last] where the row belongs to a group: the group's pause; while it exists nothing is claimed
-- ARGV[1]    worker
-- ARGV[2]    owner: worker, session and epoch in one text, never used twice
-- ARGV[3]    how long the lease lasts, ms
-- ARGV[4]    '1' if the row must exist already
-- ARGV[5]    how long a released row is left to its successor at most, ms
-- ARGV[6]    how many rows must have ended
--
-- Answers {'claimed', token number, {field, value, ...} of the whole row}
--      or {'held', worker, ms left} | {'reserved', worker it was released for, ms left}
--      or {'waiting', the first row that has not ended} | {'ended'} | {'absent'} | {'paused'}
local owner, worker, till, ttl, ended, heir, heirUntil =
  unpack(redis.call('HMGET', KEYS[1], 'owner', 'worker', 'until', 'ttl', 'ended', 'heir', 'heirUntil'))
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

if ARGV[4] == '1' and redis.call('EXISTS', KEYS[1]) == 0 then return {'absent'} end
if ended then return {'ended'} end
local pause = KEYS[2 + ARGV[6]]
if pause and redis.call('EXISTS', pause) == 1 then return {'paused'} end
for i = 2, 1 + ARGV[6] do
  if redis.call('EXISTS', KEYS[i]) == 1 and redis.call('HEXISTS', KEYS[i], 'ended') == 0 then return {'waiting', KEYS[i]} end
end
local function left(field, value, longest)
  local ms = tonumber(value) - now
  if ms <= (tonumber(longest) or math.huge) then return ms end
  -- First, because it makes nothing larger: then a full Redis accepts the other.
  redis.call('HDEL', KEYS[1], '')
  redis.call('HSET', KEYS[1], field, string.format('%.0f', now + longest))
  return tonumber(longest)
end
if owner and owner ~= '' and worker ~= ARGV[1] and tonumber(till) > now then return {'held', worker, left('until', till, ttl)} end
if heir and heir ~= ARGV[1] and tonumber(heirUntil) > now then return {'reserved', heir, left('heirUntil', heirUntil, ARGV[5])} end

-- First, because it makes nothing larger: then a full Redis accepts the others.
redis.call('HDEL', KEYS[1], 'heir', 'heirUntil')
local number = redis.call('HINCRBY', KEYS[1], 'token', 1)
redis.call('HSET', KEYS[1], 'owner', ARGV[2], 'worker', ARGV[1], 'until', string.format('%.0f', now + ARGV[3]), 'ttl', ARGV[3])
return {'claimed', number, redis.call('HGETALL', KEYS[1])}
