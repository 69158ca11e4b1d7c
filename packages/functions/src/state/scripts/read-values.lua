-- Reads the values of addresses; what has expired, by the clock of Redis, is as good as absent.
--
-- KEYS[1..]  values of each address
--
-- Answers, for each address, {edits ('' where there is none), {name, value, ms until it expires (-1: never), ...}, {expired name, ...}}
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local answer = {}
for _, key in ipairs(KEYS) do
  local fields, expiry, edits = redis.call('HGETALL', key), {}, ''
  for n = 1, #fields, 2 do
    local kind = string.sub(fields[n], 1, 1)
    if kind == '~' then expiry[string.sub(fields[n], 2)] = tonumber(fields[n + 1]) end
    if fields[n] == 'edits' then edits = fields[n + 1] end
  end
  local values, expired = {}, {}
  for n = 1, #fields, 2 do
    if string.sub(fields[n], 1, 1) == '=' then
      local name = string.sub(fields[n], 2)
      local left = expiry[name] and expiry[name] - now
      if left and left <= 0 then
        expired[#expired + 1] = name
      else
        values[#values + 1] = name
        values[#values + 1] = fields[n + 1]
        values[#values + 1] = left or -1
      end
    end
  end
  answer[#answer + 1] = {edits, values, expired}
end
return answer
