-- How jobs in hand are settled, for `settle-jobs` and `commit`. KEYS[1..13] and ARGV[1..5] are those of `settle-jobs`.

local function emit(stream, ...) redis.call('XADD', stream, 'MAXLEN', '~', ARGV[5], '*', 'event', ...) end

-- What BullMQ leaves of a job that was added under an id of its own, taken and failed in its only attempt.
local function storeDeadLetter(now, id, name, data, timestamp, reason, frame)
  local key = ARGV[4] .. id
  if redis.call('EXISTS', key) == 1 then return end
  redis.call('HSET', KEYS[13], id, frame)
  redis.call('INCR', KEYS[11])
  redis.call('ZADD', KEYS[10], now, id)
  emit(KEYS[12], 'failed', 'jobId', id, 'failedReason', reason, 'prev', 'active')
  -- Last, because it is what says that the dead letter is stored.
  redis.call('HSET', key, 'name', name, 'data', data, 'opts', '{}', 'timestamp', timestamp, 'delay', 0, 'priority', 0,
    'processedOn', now, 'ats', 1, 'atm', 1, 'failedReason', reason, 'finishedOn', now)
end

-- What BullMQ's `moveToFinished` does for a job that is removed when it is complete.
local function complete(id, payload, records, bytes, note)
  redis.call('LREM', KEYS[3], -1, id)
  redis.call('DEL', ARGV[3] .. id, ARGV[3] .. id .. ':lock', ARGV[3] .. id .. ':logs')
  if redis.call('HDEL', KEYS[5], payload) == 1 then
    redis.call('HINCRBY', KEYS[6], 'records', -records)
    redis.call('HINCRBY', KEYS[6], 'bytes', -bytes)
    if note ~= '' then redis.call('HSET', KEYS[8], id, note) end
  end
  emit(KEYS[4], 'completed', 'jobId', id, 'returnvalue', 'null', 'prev', 'active')
end

-- Each job whose arguments begin at ARGV[i], to the last. Answers their verdicts.
local function settleJobs(i, now)
  local isActive = {}
  for _, id in ipairs(redis.call('LRANGE', KEYS[3], 0, -1)) do isActive[id] = true end
  local verdicts = {}
  while i <= #ARGV do
    local id, payload, newData, records, bytes, note, letters = unpack(ARGV, i, i + 6)
    local data = redis.call('HGET', ARGV[3] .. id, 'data')
    local isOurs = data and isActive[id] and string.find(data, payload, 1, true)
    i = i + 7
    for _ = 1, letters do
      if isOurs then storeDeadLetter(now, unpack(ARGV, i, i + 5)) end
      i = i + 6
    end
    if not isOurs then
      verdicts[#verdicts + 1] = data and 'stale' or 'gone'
    else
      if newData == '' then complete(id, payload, records, bytes, note) else redis.call('HSET', ARGV[3] .. id, 'data', newData) end
      verdicts[#verdicts + 1] = 'settled'
    end
  end
  return verdicts
end

-- Moves what is acked without a gap to the replay filter, and forgets shards that ended.
local function passFilter()
  local lowest = math.huge
  local function isLeft(id) lowest = math.min(lowest, tonumber(id) or 0) end
  for _, id in ipairs(redis.call('LRANGE', KEYS[2], -1, -1)) do isLeft(id) end
  for _, id in ipairs(redis.call('LRANGE', KEYS[3], 0, -1)) do isLeft(id) end
  local notes = redis.call('HGETALL', KEYS[8])
  local passed = {}
  for n = 1, #notes, 2 do
    if tonumber(notes[n]) < lowest then passed[#passed + 1] = {tonumber(notes[n]), notes[n], notes[n + 1]} end
  end
  table.sort(passed, function(a, b) return a[1] < b[1] end)
  for _, note in ipairs(passed) do
    local cut = string.find(note[3], '\n', 1, true)
    redis.call('HSET', KEYS[7], string.sub(note[3], 1, cut - 1), string.sub(note[3], cut + 1))
    redis.call('HDEL', KEYS[8], note[2])
  end
  local ended = redis.call('HGETALL', KEYS[9])
  for n = 1, #ended, 2 do
    local shard = ended[n]
    if tonumber(ended[n + 1]) < lowest then
      for _, field in ipairs(redis.call('HKEYS', KEYS[7])) do
        if field == shard or string.sub(field, 1, #shard + 1) == shard .. '/' then redis.call('HDEL', KEYS[7], field) end
      end
      redis.call('HDEL', KEYS[9], shard)
    end
  end
end
