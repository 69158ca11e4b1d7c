-- Changes values of an address for an operator. A commit that has read the values before is then refused, by `edits`.
--
-- KEYS[1]  values of the address: hash
-- ARGV[1]  the new `edits`, a text that it never was before
-- ARGV[2]  how long `edits` outlives the last value (ms)
-- ARGV[3..]  for each value: its name, '1' to store or '0' to delete it, how it is stored, when it expires (ms, '' never)
--
-- Answers how many of them were there before.
local found, longest, forever = 0, 0, false
for n = 3, #ARGV, 4 do
  local name, isStored, value, expiry = unpack(ARGV, n, n + 3)
  found = found + redis.call('HEXISTS', KEYS[1], '=' .. name)
  if isStored == '1' then
    redis.call('HSET', KEYS[1], '=' .. name, value)
  else
    redis.call('HDEL', KEYS[1], '=' .. name)
  end
  if isStored == '1' and expiry ~= '' then
    redis.call('HSET', KEYS[1], '~' .. name, expiry)
  else
    redis.call('HDEL', KEYS[1], '~' .. name)
  end
end
redis.call('HSET', KEYS[1], 'edits', ARGV[1])

-- The key goes as a whole where every value does.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  if string.sub(field, 1, 1) == '=' then
    local expiry = redis.call('HGET', KEYS[1], '~' .. string.sub(field, 2))
    if expiry then longest = math.max(longest, expiry - now) else forever = true end
  end
end
if forever then
  redis.call('PERSIST', KEYS[1])
else
  redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.min(longest, 2 ^ 52) + ARGV[2]))
end
return found
