-- The rows of shards and who holds them, for operators. Reads only.
--
-- KEYS  lease rows of shards
--
-- Answers, for each row, {'ended' | 'held' | 'free', worker that holds it or '', stream ARN, checkpoint, start, token number}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local rows = {}
for i, key in ipairs(KEYS) do
  local owner, worker, till, ended, arn, checkpoint, start, token =
    unpack(redis.call('HMGET', key, 'owner', 'worker', 'until', 'ended', 'streamArn', 'checkpoint', 'startedAt', 'token'))
  local isHeld = not ended and owner and owner ~= '' and tonumber(till) > now
  rows[i] = {ended and 'ended' or isHeld and 'held' or 'free', isHeld and worker or '', arn or '', checkpoint or '', start or '', tonumber(token or 0)}
end
return rows
