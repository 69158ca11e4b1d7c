-- Recounts a lane from its jobs: corrects the gauge, removes payloads that no job has, and names jobs that have no payload.
-- A push and an ack are transactions, so there is never a moment at which a payload without a job is anything but an orphan; only
-- while the data of a job cannot be read is nothing removed, because any payload may be that job's.
-- Safe at any time, also for a process that does not own the lane. It takes longer the more jobs there are, so it does nothing where there
-- are more than ARGV[2].
--
-- KEYS[1]  BullMQ's waiting jobs
-- KEYS[2]  BullMQ's active jobs
-- KEYS[3]  payloads
-- KEYS[4]  gauge
-- KEYS[5]  mailboxes: what waits beside the jobs
-- ARGV[1]  what the key of a job begins with
-- ARGV[2]  do nothing where the lane has more jobs than this
-- ARGV[3]  bytes that each job counts beside its payload
--
-- Answers {records, bytes, records before, bytes before, orphans removed, {id of a job without a payload, ...}}
--      or {} where there are too many jobs
if redis.call('LLEN', KEYS[1]) + redis.call('LLEN', KEYS[2]) > tonumber(ARGV[2]) then return {} end

local records, bytes, missing, isUsed, isReadable = 0, 0, {}, {}, true
for list = 1, 2 do
  for _, id in ipairs(redis.call('LRANGE', KEYS[list], 0, -1)) do
    local data = redis.call('HGET', ARGV[1] .. id, 'data')
    local isRead, job = pcall(cjson.decode, data or '')
    if isRead and type(job) == 'table' and job.payload then
      records, bytes = records + job.records, bytes + job.bytes + ARGV[3]
      isUsed[job.payload] = true
      if redis.call('HEXISTS', KEYS[3], job.payload) == 0 then missing[#missing + 1] = id end
    else
      isReadable = false
      missing[#missing + 1] = id
    end
  end
end

for _, row in ipairs(redis.call('HVALS', KEYS[5])) do
  local isRead, mailbox = pcall(cjson.decode, row)
  if isRead and type(mailbox) == 'table' then
    records, bytes = records + (tonumber(mailbox.records) or 0), bytes + (tonumber(mailbox.bytes) or 0)
  end
end

local orphans = 0
for _, payload in ipairs(redis.call('HKEYS', KEYS[3])) do
  if isReadable and not isUsed[payload] then orphans = orphans + redis.call('HDEL', KEYS[3], payload) end
end
-- The first write makes nothing larger: then a full Redis accepts the others.
redis.call('HDEL', KEYS[4], '')
local before = redis.call('HMGET', KEYS[4], 'records', 'bytes')
redis.call('HSET', KEYS[4], 'records', records, 'bytes', bytes)
return {records, bytes, tonumber(before[1] or 0), tonumber(before[2] or 0), orphans, missing}
