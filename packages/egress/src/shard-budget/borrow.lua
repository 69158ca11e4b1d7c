-- Lends a writer what the shards of a stream take in. All writers of the stream borrow here, each for a moment only, so what one of them does
-- not use is soon another's. Nothing is remembered of who has what.
--
-- KEYS[1]   the stream's budgets, a hash: a field for each shard, and the empty field for what holds for the stream
-- ARGV[1]   records that a shard takes in a second
-- ARGV[2]   bytes
-- ARGV[3]   '1' where these quotas are enforced; '0' where one only knows once a shard throttled
-- ARGV[4..] seven for each shard: its id, records wanted, bytes wanted, bytes that the first of them needs, records lent and not used, bytes
--           lent and not used, the part of the records that the shard throttled, of the requests in which it did; 0 where it did not
--
-- Answers {'1' where budgets hold or '0', then for each shard: records lent, bytes lent, ms for which it is likely to throttle}
--
-- A shard's field: Redis time, ms; records and bytes there are (negative while nothing is lent); the share of its quota that it seems to have
-- for us, since others may write too; the share at which it throttled last, 1 where that is long ago; when it did.
-- The stream's field: until when quotas are taken to be enforced, because a shard throttled.

-- Less than the quota, so that the service's own bucket stays filled.
local RATE = 0.97
-- Seconds of budget that a shard keeps for later. With the slices that are lent, less than the second that the service's bucket holds.
local BURST = 0.25
-- A shard that throttled gets less by the part that it throttled, but half of it at least, and for a moment nothing: seconds, where it throttled
-- everything. Then it gets more by so much a second: until it is near the share at which it throttled, and from there on.
local PAUSE, MORE, NEARBY, SLOWLY = 0.5, 0.05, 0.95, 0.004
local LEAST_SHARE = 0.2
-- How long a shard that throttled is likely to do it again, ms; and how long the share at which it did is remembered.
local RISKY, REMEMBERED = 2000, 30000
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

local answer = {'0'}
local changes = {}
for i = 4, #ARGV, 7 do
  local id, wantRecords, wantBytes, leastBytes = ARGV[i], tonumber(ARGV[i + 1]), tonumber(ARGV[i + 2]), tonumber(ARGV[i + 3])
  local state = read(id) or {now, BURST * quotaRecords, BURST * quotaBytes, 1, 1, 0}
  local at, records, bytes, share, ceiling, throttledAt = unpack(state)
  at, records, bytes, share, ceiling, throttledAt =
    tonumber(at), tonumber(records), tonumber(bytes), tonumber(share), tonumber(ceiling), tonumber(throttledAt)
  local seconds = math.max(0, now - at) / 1000
  if throttledAt > now then throttledAt = 0 end

  share = math.min(1, share + (share < NEARBY * ceiling and MORE or SLOWLY) * seconds)
  if now - throttledAt > REMEMBERED or share > 1.1 * ceiling then ceiling = 1 end
  local rateRecords, rateBytes = RATE * share * quotaRecords, RATE * share * quotaBytes
  records = math.min(BURST * rateRecords, records + rateRecords * seconds + ARGV[i + 4])
  bytes = math.min(BURST * rateBytes, bytes + rateBytes * seconds + ARGV[i + 5])

  local throttled = tonumber(ARGV[i + 6])
  if throttled > 0 then
    enforcedUntil = now + ENFORCED
    if now - throttledAt > 1000 then
      ceiling = share
      share = math.max(LEAST_SHARE, share * math.max(0.5, 1 - throttled))
    end
    throttledAt = now
    local pause = PAUSE * throttled
    records, bytes = math.min(records, -pause * rateRecords), math.min(bytes, -pause * rateBytes)
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
  if ceiling < 1 and share >= NEARBY * ceiling then riskyMs = math.max(riskyMs, RISKY) end
  changes[#changes + 1] = id
  changes[#changes + 1] = string.format('%.0f %.2f %.1f %.5f %.5f %.0f', now, records, bytes, share, ceiling, throttledAt)
  for _, value in ipairs({lentRecords, lentBytes, riskyMs}) do answer[#answer + 1] = value end
end

if ARGV[3] == '1' or enforcedUntil > now then answer[1] = '1' end
redis.call('HSET', KEYS[1], '', string.format('%.0f', enforcedUntil), unpack(changes))
redis.call('PEXPIRE', KEYS[1], KEPT)
return answer
