-- Puts jobs at the end of lanes, with gauges; all of them or none. The payloads were stored just before, in the same transaction, because
-- Lua would copy each of them several times; where the jobs are refused, the payloads go again.
-- Begins with `parts/push-job.lua` and `parts/expect.lua`.
--
-- KEYS[1]  targets and their numbers of lanes
-- ARGV[1]  target
-- ARGV[2]  the number of lanes to which its records were shared out, and how: see `acceptsLanes`
-- ARGV[3]  how many events a queue keeps
-- ARGV[4]  time of the jobs (ms)
-- then for each lane: `bullPrefix`, what the keys of its jobs begin with, records, bytes that they add to the gauge, number of jobs;
--     for each job: payload id, name, data
--
-- Answers 'pushed', or 'lanes' where the target has another number of lanes, or other ones, or is about to have them; with nothing written
local pushes, i = {}, 5
while i <= #ARGV do
  local bullPrefix, jobPrefix, records, bytes, count = unpack(ARGV, i, i + 4)
  i = i + 5
  local jobs = {}
  for job = 1, count do
    jobs[job] = {payload = ARGV[i], name = ARGV[i + 1], data = ARGV[i + 2], timestamp = ARGV[4]}
    i = i + 3
  end
  pushes[#pushes + 1] = {bullPrefix, jobPrefix, ARGV[3], jobs, records, bytes}
end

local isChecked, verdict = pcall(function()
  if not acceptsLanes(KEYS[1], ARGV[1], ARGV[2]) then return 'lanes' end
  for _, push in ipairs(pushes) do expectLane(push[1], push[2]) end
  return 'pushed'
end)
for _, push in ipairs(pushes) do
  if verdict == 'pushed' then
    pushJobs(unpack(push))
  else
    for _, job in ipairs(push[4]) do redis.pcall('HDEL', push[1] .. ':payloads', job.payload) end
  end
end
if not isChecked then error(verdict, 0) end
return verdict
