/**
 * Records which workers have lost their connection, and releases the jobs of those that have been without one for long
 * enough: each job loses its lock and is marked as stalled, as BullMQ does, and BullMQ's next check moves it back to waiting.
 *
 * KEYS[1]: a hash. For each worker, as `<queue>:<id>`, when its connection was lost, in milliseconds by Redis's clock, 0 while
 * it is connected; `looked` and `unbroken since`: the times of the last check, and of the first one after an outage of Redis.
 * ARGV: the prefix of every key; how long a connection may be lost, how far apart two checks must be to mean an outage, and
 * how long after an outage a worker may count as dead, in milliseconds; the workers of the process that runs the check.
 * Returns the number of released jobs.
 */
export const RELEASE_SCRIPT = `
local prefix = ARGV[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local looked, since = unpack(redis.call('HMGET', KEYS[1], 'looked', 'unbroken since'))
if not since or now - looked > tonumber(ARGV[3]) then since = now end
redis.call('HSET', KEYS[1], 'looked', now, 'unbroken since', since)
for i = 5, #ARGV do redis.call('HSETNX', KEYS[1], ARGV[i], 0) end

local function release(queue, id)
  local base = prefix .. ':' .. queue .. ':'
  local released = 0
  for _, job in ipairs(redis.call('LRANGE', base .. 'active', 0, -1)) do
    local lock = base .. job .. ':lock'
    local token = redis.call('GET', lock)
    if token and string.sub(token, 1, #id + 1) == id .. ':' then
      redis.call('DEL', lock)
      redis.call('SADD', base .. 'stalled', job)
      released = released + 1
    end
  end
  return released
end

local released = 0
local workers = redis.call('HGETALL', KEYS[1])
for i = 1, #workers, 2 do
  local queue, id = string.match(workers[i], '^(.+):([^:]+)$')
  local gone = tonumber(workers[i + 1])
  if not queue then
    -- One of the two times of checks.
  elseif redis.call('PUBSUB', 'NUMSUB', prefix .. ':worker:' .. id)[2] > 0 then
    if gone > 0 then redis.call('HSET', KEYS[1], workers[i], 0) end
  elseif gone == 0 then
    redis.call('HSET', KEYS[1], workers[i], now)
  elseif now - gone > tonumber(ARGV[2]) and now - since > tonumber(ARGV[4]) then
    released = released + release(queue, id)
    redis.call('HDEL', KEYS[1], workers[i])
  end
end
return released
`;
