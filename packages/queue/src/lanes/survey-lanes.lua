-- How lanes stand, for operators. Reads only.
--
-- KEYS     seven a lane: BullMQ's waiting jobs, active jobs and counter; gauge, state, lease row and mailboxes
-- ARGV     one a lane: what the key of a job begins with
--
-- Answers, for each lane, {waiting, active, records, bytes, jobs ever, owner or '', age of the first job in ms or -1, blocked for ms, reason,
-- addresses with a mailbox}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function number(value) return tonumber(value or 0) or 0 end

local lanes = {}
for lane = 1, #ARGV do
  local wait, active, newestId, gauge, state, lease, mailboxes = unpack(KEYS, lane * 7 - 6, lane * 7)
  local waiting, inHand = redis.call('LLEN', wait), redis.call('LLEN', active)
  local records, bytes = unpack(redis.call('HMGET', gauge, 'records', 'bytes'))
  local blockedUntil, longest, reason = unpack(redis.call('HMGET', state, 'blockedUntil', 'blockedForMs', 'blockedReason'))
  local owner, worker, till = unpack(redis.call('HMGET', lease, 'owner', 'worker', 'until'))

  -- A job is pushed on the left: the first one is on the right, and those in hand are before all that wait.
  local first
  if inHand > 0 then
    first = redis.call('LRANGE', active, -1, -1)[1]
  elseif waiting > 0 then
    first = redis.call('LRANGE', wait, -1, -1)[1]
  end
  local since = first and redis.call('HGET', ARGV[lane] .. first, 'timestamp')

  -- Never longer than it was blocked for, also where the clock was set back.
  local blockedForMs = math.max(0, math.min(number(blockedUntil) - now, number(longest or blockedUntil)))
  lanes[lane] = {
    waiting, inHand, number(records), number(bytes), number(redis.call('GET', newestId)),
    owner and owner ~= '' and number(till) > now and worker or '',
    since and math.max(0, math.floor(now - number(since))) or -1,
    math.floor(blockedForMs), reason or '', redis.call('HLEN', mailboxes),
  }
end
return lanes
