-- Publishes what a worker reports of itself, and adds to the history. What expires does so by itself.
--
-- KEYS[1]  the workers that report
-- KEYS[2]  the worker's report
-- KEYS[3]  the tree of its actors
-- KEYS[4]  exists while somebody looks
-- KEYS[5]  what the keys of the history begin with: the bucket is that of Redis' time
-- ARGV[1]  worker
-- ARGV[2]  how long the report lives, ms
-- ARGV[3]  the report
-- ARGV[4]  the tree of its actors, or ''
-- ARGV[5]  how long a bucket of the history lives, ms
-- ARGV[6..]  'sum' | 'max', field and number, in threes
--
-- Answers 1 while somebody looks, else 0
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
redis.call('ZADD', KEYS[1], string.format('%.0f', now + ARGV[2]), ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[2])
if ARGV[4] ~= '' then redis.call('SET', KEYS[3], ARGV[4], 'PX', ARGV[2]) end

if #ARGV > 5 then
  local bucket = KEYS[5] .. math.floor(time[1] / 10)
  for i = 6, #ARGV, 3 do
    local how, field, number = ARGV[i], ARGV[i + 1], ARGV[i + 2]
    if how == 'sum' then
      redis.call('HINCRBY', bucket, field, number)
    elseif tonumber(number) >= tonumber(redis.call('HGET', bucket, field) or '0') then
      redis.call('HSET', bucket, field, number)
    end
  end
  redis.call('PEXPIRE', bucket, ARGV[5])
end
return redis.call('EXISTS', KEYS[4])
