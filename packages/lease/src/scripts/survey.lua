-- Who holds what, for the plan of who should. Reads only.
--
-- KEYS[1..]  lease rows
--
-- Answers, for each row, {state, worker, ms}
--   state   'free' | 'held' | 'reserved' | 'ended' | 'absent' (never claimed, or lost)
--   worker  who holds it, or whom it was released for; '' otherwise
--   ms      how long that lasts; 0 otherwise
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local rows = {}
for i, key in ipairs(KEYS) do
  local owner, worker, till, ended, heir, heirUntil = unpack(redis.call('HMGET', key, 'owner', 'worker', 'until', 'ended', 'heir', 'heirUntil'))
  if ended then
    rows[i] = {'ended', '', 0}
  elseif owner and owner ~= '' and tonumber(till) > now then
    rows[i] = {'held', worker, tonumber(till) - now}
  elseif heir and tonumber(heirUntil) > now then
    rows[i] = {'reserved', heir, tonumber(heirUntil) - now}
  elseif redis.call('EXISTS', key) == 0 then
    rows[i] = {'absent', '', 0}
  else
    rows[i] = {'free', '', 0}
  end
end
return rows
