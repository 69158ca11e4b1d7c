-- How a script of ours puts jobs into a lane. A lane is named by its `bullPrefix` and what its jobs' keys begin with, see `laneKeys`.

-- A job without a frame has its payload stored already.
-- What BullMQ's `addStandardJob` leaves of a job without options, in a queue from which no BullMQ worker takes.
local function pushJob(bullPrefix, jobPrefix, maxEvents, job)
  if job.frame then redis.call('HSET', bullPrefix .. ':payloads', job.payload, job.frame) end
  local id = string.format('%.0f', redis.call('INCR', jobPrefix .. 'id'))
  redis.call('HSET', jobPrefix .. id, 'name', job.name, 'data', job.data, 'opts', '{}', 'timestamp', job.timestamp, 'delay', 0,
    'priority', 0)
  redis.call('XADD', jobPrefix .. 'events', '*', 'event', 'added', 'jobId', id, 'name', job.name)
  redis.call('LPUSH', jobPrefix .. 'wait', id)
  redis.call('XADD', jobPrefix .. 'events', 'MAXLEN', '~', maxEvents, '*', 'event', 'waiting', 'jobId', id)
end

-- Jobs at the end of a lane, and what they add to its gauge.
local function pushJobs(bullPrefix, jobPrefix, maxEvents, jobs, records, bytes)
  redis.call('HSET', jobPrefix .. 'meta', 'opts.maxLenEvents', maxEvents, 'concurrency', 0)
  for _, job in ipairs(jobs) do pushJob(bullPrefix, jobPrefix, maxEvents, job) end
  redis.call('HINCRBY', bullPrefix .. ':gauge', 'records', records)
  redis.call('HINCRBY', bullPrefix .. ':gauge', 'bytes', bytes)
end
