-- Settles jobs in hand and applies effects, all of it or nothing: everything that can fail is found out before the first write.
-- Never sent twice: after a lost answer the lane is taken over, and Redis says what was applied.
-- Begins with `parts/settle.lua`, `parts/push-job.lua` and `parts/expect.lua`.
--
-- KEYS[1..13]  as those of `settle-jobs`
-- KEYS[14]  delayed messages by when they are due: zset
-- KEYS[15]  delayed messages
-- KEYS[16]  their cancellation tokens
-- KEYS[17]  their counter of ids
-- KEYS[18]  how many there are of each target
-- KEYS[19]  targets and their numbers of lanes
-- ARGV[1..5]  as those of `settle-jobs`; without token and owner for who does not own the lane: an operator, who settles nothing
-- ARGV[6..10]  number of guards, of operations, of lanes to push to; time of the new jobs (ms); number of targets
-- then for each target that something goes to, now or later: its id, the number of lanes to which it was shared out
-- then for each guard: key, field, '1' and the value that it must have, or '0' and '' for none
-- then for each operation: its kind, the number of its arguments, and these:
--   'command'  type of its key ('' for any), index of the argument to which Redis' time is added (0 for none), the command
--   'delay'    delay (ms), token ('' for none), target, lane, `bullPrefix` and queue of the lane, frame
--   'cancel'   token
--   'deadLetter'  a dead letter, as in `settle-jobs`
--   'send'     nothing: what all of them send stands below, by lanes
-- then for each lane to push to: `bullPrefix`, `jobPrefix`, records, bytes, number of jobs; for each job: payload id, frame, name, data
-- then settlements as for `settle-jobs`
--
-- Answers {'lost'} (the lease belongs to another owner), {'lanes', index of a target that has another number, or is about to},
--      {'guard', index}, {'pending', index of the operation whose token is taken} or
--      {'stale', index of a job that is not in hand}, with nothing written, or {'open', 'settled', ...}
local token, owner = unpack(redis.call('HMGET', KEYS[1], 'token', 'owner'))
if ARGV[1] ~= '' and (token ~= ARGV[1] or owner ~= ARGV[2]) then return {'lost'} end
local i = 11
for target = 1, ARGV[10] do
  if not acceptsLanes(KEYS[19], ARGV[i], ARGV[i + 1]) then return {'lanes', target - 1} end
  i = i + 2
end

for guard = 1, ARGV[6] do
  local key, field, isThere, expected = unpack(ARGV, i, i + 3)
  i = i + 4
  local found = redis.call('HGET', key, field)
  if (isThere == '1' and found ~= expected) or (isThere == '0' and found) then return {'guard', guard - 1} end
end

local function expectDeadLetters()
  expectType(KEYS[10], 'zset')
  expectCounter(KEYS[11])
  expectType(KEYS[12], 'stream')
  expectType(KEYS[13], 'hash')
end

local operations, isPending, usesDelayed = {}, {}, false
for index = 1, ARGV[7] do
  local kind, first = ARGV[i], i + 2
  i = first + ARGV[i + 1]
  operations[index] = {kind = kind, first = first, last = i - 1}
  if kind == 'command' then
    local key = ARGV[first + 3]
    if ARGV[first] ~= '' then expectType(key, ARGV[first]) end
    if ARGV[first + 2] == 'hincrby' then expectCount(key, redis.call('HGET', key, ARGV[first + 4])) end
  elseif kind == 'deadLetter' then
    expectDeadLetters()
  elseif kind ~= 'send' then
    if not usesDelayed then expectDelayed(unpack(KEYS, 14, 18)) end
    usesDelayed = true
    local taken = kind == 'delay' and ARGV[first + 1] or ARGV[first]
    if kind == 'cancel' then
      isPending[taken] = false
    elseif taken ~= '' then
      if isPending[taken] or (isPending[taken] == nil and redis.call('HEXISTS', KEYS[16], taken) == 1) then return {'pending', index - 1} end
      isPending[taken] = true
    end
  end
end

local pushes = {}
for lane = 1, ARGV[8] do
  local bullPrefix, jobPrefix, records, bytes, count = unpack(ARGV, i, i + 4)
  i = i + 5
  local jobs = {}
  for job = 1, count do
    local payload, frame, name, data = unpack(ARGV, i, i + 3)
    i = i + 4
    jobs[job] = {payload = payload, frame = frame, name = name, data = data, timestamp = ARGV[9]}
  end
  expectLane(bullPrefix, jobPrefix)
  pushes[lane] = {bullPrefix, jobPrefix, ARGV[5], jobs, records, bytes}
end

local isActive, settlements, n, job = {}, i, i, 0
for _, id in ipairs(redis.call('LRANGE', KEYS[3], 0, -1)) do isActive[id] = true end
while n <= #ARGV do
  local data = isActive[ARGV[n]] and redis.call('HGET', ARGV[3] .. ARGV[n], 'data')
  if not data or not string.find(data, ARGV[n + 1], 1, true) then return {'stale', job} end
  if tonumber(ARGV[n + 6]) > 0 then expectDeadLetters() end
  n, job = n + 7 + 6 * ARGV[n + 6], job + 1
end
for _, key in ipairs({KEYS[5], KEYS[7], KEYS[8], KEYS[9]}) do expectType(key, 'hash') end
expectType(KEYS[2], 'list')
expectType(KEYS[4], 'stream')
expectCounts(KEYS[6], 'records', 'bytes')

-- The first write makes nothing larger: then a full Redis accepts the others.
redis.call('HDEL', KEYS[1], '')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local apply = {}
function apply.command(first, last)
  local command, timed = {}, tonumber(ARGV[first + 1])
  for at = first + 2, last do command[#command + 1] = ARGV[at] end
  if timed > 0 then command[timed] = string.format('%.0f', now + command[timed]) end
  redis.call(unpack(command))
end
function apply.delay(first)
  local delay, cancellation, target, lane, bullPrefix, queue, frame = unpack(ARGV, first, first + 6)
  -- Digits of one length: messages that are due at the same moment keep their order.
  local id = string.format('%016.0f', redis.call('INCR', KEYS[17]))
  -- Rounded up: not even a part of a millisecond early.
  redis.call('ZADD', KEYS[14], string.format('%.0f', time[1] * 1000 + math.ceil(time[2] / 1000) + delay), id)
  redis.call('HSET', KEYS[15], id, cmsgpack.pack({target, lane, bullPrefix, queue, cancellation, frame}))
  redis.call('HINCRBY', KEYS[18], target, 1)
  if cancellation ~= '' then redis.call('HSET', KEYS[16], cancellation, id) end
end
function apply.cancel(first)
  local id = redis.call('HGET', KEYS[16], ARGV[first])
  if not id then return end
  local message = redis.call('HGET', KEYS[15], id)
  redis.call('HDEL', KEYS[16], ARGV[first])
  redis.call('HDEL', KEYS[15], id)
  redis.call('ZREM', KEYS[14], id)
  if message then
    local target = cmsgpack.unpack(message)[1]
    if redis.call('HINCRBY', KEYS[18], target, -1) <= 0 then redis.call('HDEL', KEYS[18], target) end
  end
end

function apply.deadLetter(first, last) storeDeadLetter(string.format('%.0f', now), unpack(ARGV, first, last)) end
-- What is sent goes into one job a lane, below.
function apply.send() end

for _, operation in ipairs(operations) do apply[operation.kind](operation.first, operation.last) end
for _, push in ipairs(pushes) do pushJobs(unpack(push)) end
local verdicts = settleJobs(settlements, string.format('%.0f', now))
if job > 0 then passFilter() end
table.insert(verdicts, 1, 'open')
return verdicts
