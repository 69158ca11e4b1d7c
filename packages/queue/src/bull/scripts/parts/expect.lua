-- What a script that writes all or nothing finds out before its first write: an error after it would leave the rest undone.

local function expectType(key, expected)
  local found = redis.call('TYPE', key).ok
  if found ~= 'none' and found ~= expected then
    error('expected a ' .. expected .. ' at ' .. key .. ', found a ' .. found)
  end
end

local function expectCount(key, found)
  if found and not string.match(found, '^%-?%d+$') then error('expected a whole number at ' .. key) end
end

local function expectCounts(key, ...)
  expectType(key, 'hash')
  for _, field in ipairs({...}) do expectCount(key, redis.call('HGET', key, field)) end
end

local function expectCounter(key)
  expectType(key, 'string')
  expectCount(key, redis.call('GET', key))
end

-- A lane into which jobs are pushed.
local function expectLane(bullPrefix, jobPrefix)
  expectType(bullPrefix .. ':payloads', 'hash')
  expectCounts(bullPrefix .. ':gauge', 'records', 'bytes')
  expectType(jobPrefix .. 'wait', 'list')
  expectType(jobPrefix .. 'meta', 'hash')
  expectType(jobPrefix .. 'events', 'stream')
  expectCounter(jobPrefix .. 'id')
end

-- The keys of delayed messages: due, messages, tokens, counter of ids, counts.
local function expectDelayed(due, messages, tokens, ids, counts)
  expectType(due, 'zset')
  for _, key in ipairs({messages, tokens, counts}) do expectType(key, 'hash') end
  expectCounter(ids)
end

-- Whether a target has this number of lanes and takes something in: see `lane-entry.ts`. One that Redis has forgotten does. `lanes` is a text:
-- '8', '8 laid by key' or '8 laid by shard'. The last two are of a shard reader; the lanes must then be laid like that too.
local function acceptsLanes(targets, target, lanes)
  local entry = redis.call('HGET', targets, target)
  if not entry then return true end
  local number, layout = string.match(lanes, '^(%d+)(.*)$')
  if string.match(entry, '^%d+') ~= number or string.find(entry, ' closed ', 1, true) then return false end
  return layout == '' or layout == (string.match(entry, '^%d+( laid by shard)') or ' laid by key')
end
