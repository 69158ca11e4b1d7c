-- Who holds what, for the plan of who should. Reads only, except after the clock was set back: nothing lasts longer than it was
-- claimed for, so what lies beyond that is moved to where it ends at the latest.
--
-- KEYS[1..]  lease rows
-- ARGV[1]    how long a released row is left to its successor at most, ms
-- ARGV[2]    how long a row stays with the worker that an operator moved it to at most, ms
--
-- Answers, for each row, {state, worker, ms, set back, moved to, load}
--   state   'free' | 'held' | 'reserved' | 'ended' | 'absent' (never claimed, or lost)
--   worker  who holds it, or whom it was released for; '' otherwise
--   ms      how long that lasts; 0 otherwise
--   moved to  the worker that an operator wants to have it; '' where there is none
--   load      what it gave its holder to do when that was last measured; '' where it was not
--   set back  how far the clock was set back at least, ms; 0 where the row ends in time
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function left(key, field, value, longest)
  local ms = tonumber(value) - now
  if ms <= (tonumber(longest) or math.huge) then return ms, 0 end
  -- First, because it makes nothing larger: then a full Redis accepts the other.
  redis.call('HDEL', key, '')
  redis.call('HSET', key, field, string.format('%.0f', now + longest))
  return tonumber(longest), ms - longest
end

local rows = {}
for i, key in ipairs(KEYS) do
  local owner, worker, till, ttl, ended, heir, heirUntil, movedTo, movedUntil, load = unpack(redis.call('HMGET', key,
    'owner', 'worker', 'until', 'ttl', 'ended', 'heir', 'heirUntil', 'movedTo', 'movedUntil', 'load'))
  if ended then
    rows[i] = {'ended', '', 0, 0}
  elseif owner and owner ~= '' and tonumber(till) > now then
    rows[i] = {'held', worker, left(key, 'until', till, ttl)}
  elseif heir and tonumber(heirUntil) > now then
    rows[i] = {'reserved', heir, left(key, 'heirUntil', heirUntil, ARGV[1])}
  elseif redis.call('EXISTS', key) == 0 then
    rows[i] = {'absent', '', 0, 0}
  else
    rows[i] = {'free', '', 0, 0}
  end
  local movedFor = movedTo and movedUntil - now or 0
  rows[i][5] = not ended and movedFor > 0 and movedFor <= tonumber(ARGV[2]) and movedTo or ''
  rows[i][6] = load or ''
end
return rows
