-- Lends a writer what the shards of a stream take in. All writers of the stream borrow here, each for a moment only, so what one of them does
-- not use is soon another's. Nothing is remembered of who has what.
--
-- KEYS[1]   the stream's budgets, a hash: a field for each shard, and the empty field for what holds for the stream
-- ARGV[1]   records that a shard takes in a second
-- ARGV[2]   bytes
-- ARGV[3]   '1' where these quotas are enforced; '0' where one only knows once a shard throttled
-- ARGV[4..] nine for each shard: its id, records wanted, bytes wanted, bytes that the first of them needs, records lent and not used, bytes
--           lent and not used; since the last time, records that it did not throttle, those that it did, and the bytes of these
--
-- Answers {'1' where budgets hold or '0', then for each shard: records lent, bytes lent, ms for which it is likely to throttle}
--
-- A shard's field: Redis time, ms; records and bytes there are (negative while nothing is lent); the share of its quota that it seems to have
-- for us, since others may write too; the share at which it throttled last, 1 where that is long ago; when it did; the part that it throttled when
-- it was judged last, 1 before it is judged for the first time, 0 where all is quiet; until when it is taken to throttle that part whatever we send, or 0; when
-- it was judged last, and since then records that it did not throttle, and those that it did. The last five may be missing.
-- The stream's field: until when quotas are taken to be enforced, because a shard throttled.

-- Less than the quota, so that the service's own bucket stays filled.
local RATE = 0.97
-- Seconds of budget that a shard keeps for later. With the slices that are lent, less than the second that the service's bucket holds.
local BURST = 0.25
-- A throttled record costs its shard so many times what it would have, so that the service's bucket fills again; seconds of budget at most.
local OWED, LONGEST_PAUSE = 3, 0.5
-- What is left of a share that throttled little, or much. Then it gets more by so much a second: until it is near the share at which it throttled,
-- and from there on.
local LITTLE_LEFT, MUCH_LEFT, LEAST_SHARE = 0.8, 0.5, 0.2
local MORE, NEARBY, SLOWLY = 0.05, 0.95, 0.004
-- A shard that throttled is on trial, and its share does not grow: where others fill it, it throttles less once we send less. What it throttles
-- all the same, however little we send, is not our doing. Then it gets its share back, and for so many ms only clearly more than that
-- counts; then it is on trial again, as it may have been others that began to write more. A share is judged after so many ms and answers, or
-- after so many ms. What is answered in the first so many ms was lent before it was judged last.
local RANDOM, LEAST_TRIAL, TRIAL_ANSWERS, LONGEST_TRIAL, IGNORED = 30000, 1250, 200, 5000, 250
-- A part up to this is little, and may be random. Times the part as it was: as large as before; fallen; risen, which by chance it may by a handful
-- of records more.
local LITTLE, AS_BEFORE, FALLEN, RISEN, HANDFUL = 0.1, 0.75, 0.5, 2, 0.01
-- How long a shard that throttled is likely to do it again, ms; and how long the share at which it did is remembered.
local RISKY, REMEMBERED = 2000, 30000
-- It is likely to do it again as long as that, where its share is not much smaller than the one at which it did.
local RISKY_SHARE = 0.75
-- How long quotas are taken to be enforced after a shard throttled.
local ENFORCED = 600000
local KEPT = 3600000

local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local quotaRecords, quotaBytes = tonumber(ARGV[1]), tonumber(ARGV[2])

local function read(field)
  local text = redis.call('HGET', KEYS[1], field)
  if not text then return nil end
  local values = {}
  for value in string.gmatch(text, '%S+') do values[#values + 1] = value end
  return values
end

local enforcedUntil = tonumber(redis.call('HGET', KEYS[1], '') or 0)
-- A time that is yet to come for too long: the clock was set back.
if enforcedUntil > now + ENFORCED then enforcedUntil = 0 end

local function less(share, part)
  return math.max(LEAST_SHARE, share * (part > LITTLE and MUCH_LEFT or LITTLE_LEFT))
end

local answer = {'0'}
local changes = {}
for i = 4, #ARGV, 9 do
  local id, wantRecords, wantBytes, leastBytes = ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2]), tonumber(ARGV[i + 3])
  local state = read(id) or {now, BURST * quotaRecords, BURST * quotaBytes, 1, 1, 0}
  local numbers = {}
  for field = 1, 11 do numbers[field] = tonumber(state[field] or 0) end
  local at, records, bytes, share, ceiling, throttledAt, part, randomUntil, countedFrom, taken, throttled = unpack(numbers)
  local newThrottled, newThrottledBytes = tonumber(ARGV[i + 7]), tonumber(ARGV[i + 8])
  local seconds = math.max(0, now - at) / 1000
  if throttledAt > now then throttledAt = 0 end
  if countedFrom > now then countedFrom = now end
  if randomUntil > now + RANDOM then randomUntil = now end

  if part > 0 and now - countedFrom >= IGNORED then
    taken, throttled = taken + ARGV[i + 6], throttled + newThrottled
    if now - countedFrom >= (taken + throttled >= TRIAL_ANSWERS and LEAST_TRIAL or LONGEST_TRIAL) then
      local before = part
      part = throttled / math.max(1, taken + throttled)
      local more = part > RISEN * before + HANDFUL
      if part == 0 then
        randomUntil = 0
      elseif now < randomUntil and not more then
        if part >= FALLEN * before then part = before end
      elseif randomUntil == 0 and part <= LITTLE and part >= AS_BEFORE * before then
        share, ceiling, randomUntil = ceiling, 1, now + RANDOM
      else
        share, ceiling, randomUntil = less(share, part), share, 0
      end
      countedFrom, taken, throttled = now, 0, 0
    end
  end

  if part == 0 or randomUntil > 0 then share = math.min(1, share + (share < NEARBY * ceiling and MORE or SLOWLY) * seconds) end
  if now - throttledAt > REMEMBERED or share > 1.1 * ceiling then ceiling = 1 end
  local rateRecords, rateBytes = RATE * share * quotaRecords, RATE * share * quotaBytes
  records = math.min(BURST * rateRecords, records + rateRecords * seconds + ARGV[i + 4])
  bytes = math.min(BURST * rateBytes, bytes + rateBytes * seconds + ARGV[i + 5])

  if newThrottled > 0 then
    enforcedUntil = now + ENFORCED
    throttledAt = now
    if part == 0 then
      share, ceiling, part, randomUntil, countedFrom, taken, throttled = less(share, 0), share, 1, 0, now, 0, 0
    end
    if randomUntil == 0 then
      local pause = math.min(LONGEST_PAUSE, OWED * math.max(newThrottled / rateRecords, newThrottledBytes / rateBytes))
      records = math.max(math.min(records, -LONGEST_PAUSE * rateRecords), records - pause * rateRecords)
      bytes = math.max(math.min(bytes, -LONGEST_PAUSE * rateBytes), bytes - pause * rateBytes)
      rateRecords, rateBytes = RATE * share * quotaRecords, RATE * share * quotaBytes
    end
  end

  -- Not in crumbs, which would make small requests; a record that is larger than what is ever there goes when all of it is.
  local lentRecords, lentBytes = 0, 0
  local least = math.max(leastBytes, math.min(wantBytes, BURST * rateBytes / 10))
  local hasRecords = records >= math.max(1, math.min(wantRecords, BURST * rateRecords / 10))
  if wantRecords > 0 and hasRecords and bytes >= math.min(least, BURST * rateBytes) then
    lentRecords = math.min(wantRecords, math.floor(records))
    lentBytes = math.max(leastBytes, math.min(wantBytes, math.floor(bytes)))
    records, bytes = records - lentRecords, bytes - lentBytes
  end

  local riskyMs = math.max(0, throttledAt + RISKY - now)
  if now - throttledAt <= REMEMBERED and share >= RISKY_SHARE * ceiling then riskyMs = math.max(riskyMs, RISKY) end
  changes[#changes + 1] = id
  changes[#changes + 1] = string.format('%.0f %.2f %.1f %.5f %.5f %.0f %.5f %.0f %.0f %d %d', now, records, bytes, share, ceiling,
    throttledAt, part, randomUntil, countedFrom, taken, throttled)
  for _, value in ipairs({lentRecords, lentBytes, riskyMs}) do answer[#answer + 1] = value end
end

if ARGV[3] == '1' or enforcedUntil > now then answer[1] = '1' end
redis.call('HSET', KEYS[1], '', string.format('%.0f', enforcedUntil), unpack(changes))
redis.call('PEXPIRE', KEYS[1], KEPT)
return answer
