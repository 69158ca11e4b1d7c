-- Notes what a worker measured of rows that it holds; a row that is another's by now is left alone. Repeated it changes nothing.
--
-- KEYS     lease rows
-- ARGV     for each: token number, owner, load
if #KEYS > 0 then redis.call('HDEL', KEYS[1], '') end
for i, key in ipairs(KEYS) do
  local token, owner = unpack(redis.call('HMGET', key, 'token', 'owner'))
  if token == ARGV[3 * i - 2] and owner == ARGV[3 * i - 1] then redis.call('HSET', key, 'load', ARGV[3 * i]) end
end
