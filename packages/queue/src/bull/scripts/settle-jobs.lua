-- Settles jobs in hand in one step: stores their dead letters, writes down which records remain, completes the jobs of which none
-- remains. A completed job takes its payload along, leaves the gauge, and its progress goes to the replay filter once the lane is
-- acked without a gap up to it. Called again after a lost answer it changes nothing. Begins with `parts/settle.lua`.
--
-- KEYS[1]   the lane's lease row
-- KEYS[2]   BullMQ's waiting jobs
-- KEYS[3]   BullMQ's active jobs
-- KEYS[4]   BullMQ's events of the lane
-- KEYS[5]   payloads
-- KEYS[6]   gauge
-- KEYS[7]   replay filter
-- KEYS[8]   acked above a gap
-- KEYS[9]   ended shards, see `end-shards`
-- KEYS[10]  BullMQ's failed jobs of the dead-letter queue
-- KEYS[11]  BullMQ's counter of ids there
-- KEYS[12]  BullMQ's events there
-- KEYS[13]  payloads of the dead letters
-- ARGV[1]   token number of the lease
-- ARGV[2]   its owner
-- ARGV[3]   what the key of a job begins with
-- ARGV[4]   what the key of a dead letter's job begins with
-- ARGV[5]   how many events a queue keeps
-- ARGV[6..] for each job: id, payload id, new data ('' to complete it), records, bytes, `shard \n progress` after this job ('' for a
--           job without a source), number of its dead letters; then for each of these: id, name, data, time (ms), reason, frame
--
-- Answers {'lost'} (the lease belongs to another owner) or {'open', verdict, ...} with a verdict for each job:
--   'settled'
--   'gone'     there is no such job: it was completed before
--   'stale'    it is not active, or another job has its id (Redis came back older); nothing of it is stored
local token, owner = unpack(redis.call('HMGET', KEYS[1], 'token', 'owner'))
if token ~= ARGV[1] or owner ~= ARGV[2] then return {'lost'} end

-- The first write makes nothing larger: then a full Redis accepts the others.
redis.call('HDEL', KEYS[1], '')
local time = redis.call('TIME')
local verdicts = settleJobs(6, string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)))
passFilter()
table.insert(verdicts, 1, 'open')
return verdicts
