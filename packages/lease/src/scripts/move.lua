-- Notes the worker that an operator wants to have a row. Its group hears of it; who holds the row gives it back, and the balance between
-- workers leaves it there as long as the note lasts and the worker is in the group. Another note replaces it.
--
-- KEYS[1]  the lease row
-- ARGV[1]  the worker
-- ARGV[2]  how long the note lasts, ms
-- ARGV[3]  '1' if the row must exist already
-- ARGV[4]  the group's notice channel
--
-- Answers 'noted', or 'absent' | 'ended' with nothing changed
if ARGV[3] == '1' and redis.call('EXISTS', KEYS[1]) == 0 then return 'absent' end
if redis.call('HEXISTS', KEYS[1], 'ended') == 1 then return 'ended' end

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], 'movedTo', ARGV[1], 'movedUntil', string.format('%.0f', now + ARGV[2]))
redis.call('PUBLISH', ARGV[4], 'moved')
return 'noted'
