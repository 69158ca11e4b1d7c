-- Closes the lanes of a target for everybody, if nothing is in them and nothing was put into them since they were looked at. What they have
-- seen of shards is forgotten: their keys are about to be others.
--
-- KEYS[1]  targets and their numbers of lanes
-- KEYS[2]  how many delayed messages there are of each target
-- then for each lane: waiting jobs, active jobs, counter of ids, mailboxes, replay filter, acked above a gap, ended shards, state
-- ARGV[1]  target
-- ARGV[2]  its entry as it must be
-- ARGV[3]  its entry while the lanes are closed
-- then for each lane: its counter of ids when it was looked at
--
-- Answers 'closed', 'changed' (another entry), or 'busy'; with nothing written
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 'changed' end
if tonumber(redis.call('HGET', KEYS[2], ARGV[1]) or 0) > 0 then return 'busy' end
for lane = 0, (#KEYS - 2) / 8 - 1 do
  local wait, active, newestId, mailboxes = unpack(KEYS, 3 + 8 * lane, 6 + 8 * lane)
  if redis.call('LLEN', wait) + redis.call('LLEN', active) + redis.call('HLEN', mailboxes) > 0 then return 'busy' end
  if (redis.call('GET', newestId) or '0') ~= ARGV[4 + lane] then return 'busy' end
end

for lane = 0, (#KEYS - 2) / 8 - 1 do
  local filter, acked, ended, state = unpack(KEYS, 7 + 8 * lane, 10 + 8 * lane)
  redis.call('DEL', filter, acked, ended)
  redis.call('HINCRBY', state, 'clearings', 1)
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
return 'closed'
