-- Puts jobs at the end of a lane, with payloads and gauge; all of them or none.
-- Begins with `parts/push-job.lua` and `parts/expect.lua`.
--
-- KEYS[1]  targets and their numbers of lanes
-- ARGV[1]  target
-- ARGV[2]  the number of lanes to which its records were shared out
-- ARGV[3]  `bullPrefix` of the lane
-- ARGV[4]  what the keys of its jobs begin with
-- ARGV[5]  how many events the queue keeps
-- ARGV[6]  records
-- ARGV[7]  bytes that they add to the gauge
-- ARGV[8]  time of the jobs (ms)
-- then for each job: payload id, frame, name, data
--
-- Answers 'pushed', or 'lanes' where the target has another number of lanes, or is about to have one; with nothing written
if not acceptsLanes(KEYS[1], ARGV[1], ARGV[2]) then return 'lanes' end
expectLane(ARGV[3], ARGV[4])
local jobs = {}
for n = 9, #ARGV, 4 do
  jobs[#jobs + 1] = {payload = ARGV[n], frame = ARGV[n + 1], name = ARGV[n + 2], data = ARGV[n + 3], timestamp = ARGV[8]}
end
pushJobs(ARGV[3], ARGV[4], ARGV[5], jobs, ARGV[6], ARGV[7])
return 'pushed'
