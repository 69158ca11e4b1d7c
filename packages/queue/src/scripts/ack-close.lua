-- Last command of the transaction that acks jobs: for each job that is gone now, deletes its payload, takes it off the gauge and
-- notes how far its shard has come; then moves that note into the replay filter as far as the lane is acked without a gap.
-- Whether the job was completed is read off the lane itself: a payload whose job is gone is deleted here once and counted once.
--
-- KEYS[1]   the lane's lease row
-- KEYS[2]   BullMQ's waiting jobs
-- KEYS[3]   BullMQ's active jobs
-- KEYS[4]   payloads
-- KEYS[5]   gauge
-- KEYS[6]   replay filter
-- KEYS[7]   acked above a gap
-- ARGV[1]   token number of the lease
-- ARGV[2]   its owner
-- ARGV[3]   what the key of a job begins with
-- ARGV[4..] id, payload id, records, bytes, and `shard \n progress` after this job ('' for a job without a source) of each job
--
-- Answers 'lost' or the number of jobs acked now
local token, owner = unpack(redis.call('HMGET', KEYS[1], 'token', 'owner'))
if token ~= ARGV[1] or owner ~= ARGV[2] then return 'lost' end

-- A write that makes nothing larger comes first: a full Redis then lets the others pass.
redis.call('HDEL', KEYS[1], '')
local acked = 0
for i = 4, #ARGV, 5 do
  if redis.call('EXISTS', ARGV[3] .. ARGV[i]) == 0 and redis.call('HDEL', KEYS[4], ARGV[i + 1]) == 1 then
    acked = acked + 1
    redis.call('HINCRBY', KEYS[5], 'records', -ARGV[i + 2])
    redis.call('HINCRBY', KEYS[5], 'bytes', -ARGV[i + 3])
    if ARGV[i + 4] ~= '' then redis.call('HSET', KEYS[7], ARGV[i], ARGV[i + 4]) end
  end
end

local lowest = math.huge
local function isLeft(id) lowest = math.min(lowest, tonumber(id) or 0) end
for _, id in ipairs(redis.call('LRANGE', KEYS[2], -1, -1)) do isLeft(id) end
for _, id in ipairs(redis.call('LRANGE', KEYS[3], 0, -1)) do isLeft(id) end
local notes = redis.call('HGETALL', KEYS[7])
local settled = {}
for i = 1, #notes, 2 do
  if tonumber(notes[i]) < lowest then settled[#settled + 1] = {tonumber(notes[i]), notes[i], notes[i + 1]} end
end
table.sort(settled, function(a, b) return a[1] < b[1] end)
for _, note in ipairs(settled) do
  local cut = string.find(note[3], '\n', 1, true)
  redis.call('HSET', KEYS[6], string.sub(note[3], 1, cut - 1), string.sub(note[3], cut + 1))
  redis.call('HDEL', KEYS[7], note[2])
end
return acked
