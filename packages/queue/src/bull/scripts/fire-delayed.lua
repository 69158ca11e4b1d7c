-- Moves delayed messages that are due, by the clock of Redis, to their lanes: those of a lane as one job, in the order in which they
-- are due. Their tokens are free again. Whole or not at all; called again it moves the next ones.
-- Begins with `parts/push-job.lua` and `parts/expect.lua`.
--
-- KEYS[1]  delayed messages by when they are due: zset
-- KEYS[2]  delayed messages
-- KEYS[3]  their cancellation tokens
-- KEYS[4]  their counter of ids
-- KEYS[5]  how many there are of each target
-- ARGV[1]  how many at most
-- ARGV[2]  about how many bytes at most
-- ARGV[3]  about how many bytes a job holds at most
-- ARGV[4]  what the ids of their payloads begin with; no other call's do
-- ARGV[5]  time of the new jobs (ms)
-- ARGV[6]  the same, ISO 8601
-- ARGV[7]  how many events a queue keeps
-- ARGV[8]  bytes that each job counts beside its payload
-- ARGV[9]  how many records a job holds at most
--
-- Answers {messages moved, ms until the next is due (0: at once, -1: there is none)}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
expectDelayed(unpack(KEYS))

-- A frame of one record without a dictionary, see `frame/layout.ts`: eight bytes of head, two of dictionary, the record.
local FRAME_HEAD = 10

local ids = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, ARGV[1])
local batches, openBatch, moved, bytes = {}, {}, {}, 0
for _, id in ipairs(ids) do
  if bytes >= tonumber(ARGV[2]) then break end
  local stored = redis.call('HGET', KEYS[2], id)
  local message = stored and cmsgpack.unpack(stored)
  moved[#moved + 1] = {id = id, message = message}
  if message then
    local target, lane, bullPrefix, queue, _, frame = unpack(message)
    local batch = openBatch[bullPrefix]
    if not batch or #batch.records >= tonumber(ARGV[9]) or batch.bytes + #frame > tonumber(ARGV[3]) then
      batch = {target = target, lane = lane, bullPrefix = bullPrefix, jobPrefix = bullPrefix .. ':' .. queue .. ':', bytes = FRAME_HEAD, records = {}}
      expectLane(batch.bullPrefix, batch.jobPrefix)
      batches[#batches + 1] = batch
      openBatch[bullPrefix] = batch
    end
    batch.records[#batch.records + 1] = string.sub(frame, FRAME_HEAD + 1)
    batch.head = batch.head or string.sub(frame, 1, 4)
    batch.bytes = batch.bytes + #frame - FRAME_HEAD
    bytes = bytes + #frame
  end
end

for _, each in ipairs(moved) do
  -- The first write makes nothing larger: then a full Redis accepts the others.
  redis.call('ZREM', KEYS[1], each.id)
  redis.call('HDEL', KEYS[2], each.id)
  if each.message then
    if each.message[5] ~= '' then redis.call('HDEL', KEYS[3], each.message[5]) end
    if redis.call('HINCRBY', KEYS[5], each.message[1], -1) <= 0 then redis.call('HDEL', KEYS[5], each.message[1]) end
  end
end
for n, batch in ipairs(batches) do
  local count = #batch.records
  local job = {
    payload = ARGV[4] .. '-' .. n,
    frame = batch.head .. struct.pack('<I4', count) .. '\0\0' .. table.concat(batch.records),
    name = count .. ' records',
    timestamp = ARGV[5],
  }
  job.data = cjson.encode({target = batch.target, lane = tonumber(batch.lane), records = count, bytes = #job.frame,
    enqueuedAt = ARGV[6], attempts = 0, payload = job.payload})
  pushJobs(batch.bullPrefix, batch.jobPrefix, ARGV[7], {job}, count, #job.frame + ARGV[8])
end

local next = redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')
return {#moved, next[2] and math.max(0, next[2] - now) or -1}
