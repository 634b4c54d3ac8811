/**
 * One script for all steps of the slots. A member is `<turn>:<conversation>`, so members sort as turns do.
 *
 * KEYS[1]: a set of the owners with waiting turns. For each owner, as `<KEYS[1]>:<owner>:…`, two sorted sets: `leases`, members
 * by the end of their lease, in milliseconds by Redis's clock, and `waiting`, members in order. All share a hash tag, so that
 * they are on one node of a Cluster.
 * ARGV: the step; how many slots an owner has; the length of a lease in milliseconds; the owner and the member, except for
 * `admit`, which has neither, and `clear`, which has no member.
 * Returns the admitted members, each after its owner. `take` returns before them 1 if the member has a slot, else 0.
 * `admitted` returns only 1 if the member is waiting and has a lease, else 0; `clear` only how many members waited.
 */
export const SLOTS_SCRIPT = `
local step, limit, lasts, owner, member = ARGV[1], tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local admitted = {}

local function key(owner, kind) return KEYS[1] .. ':' .. owner .. ':' .. kind end

local function lease(owner, member)
  redis.call('ZADD', key(owner, 'leases'), now + lasts, member)
  redis.call('PEXPIRE', key(owner, 'leases'), lasts)
end

local function admit(owner)
  redis.call('ZREMRANGEBYSCORE', key(owner, 'leases'), '-inf', now)
  local free = limit - redis.call('ZCARD', key(owner, 'leases'))
  if free <= 0 then return end
  -- Admitted members that have not taken their slots are among the first: at most as many as there are slots.
  for _, next in ipairs(redis.call('ZRANGE', key(owner, 'waiting'), 0, 2 * limit - 1)) do
    if free > 0 and not redis.call('ZSCORE', key(owner, 'leases'), next) then
      lease(owner, next)
      free = free - 1
      if next ~= member then
        admitted[#admitted + 1] = owner
        admitted[#admitted + 1] = next
      end
    end
  end
end

local function hold()
  redis.call('ZREM', key(owner, 'waiting'), member)
  lease(owner, member)
end

if step == 'take' then
  redis.call('ZADD', key(owner, 'waiting'), 0, member)
  admit(owner)
  local isHeld = redis.call('ZSCORE', key(owner, 'leases'), member)
  if isHeld then hold() else redis.call('SADD', KEYS[1], owner) end
  table.insert(admitted, 1, isHeld and 1 or 0)
elseif step == 'admitted' then
  local waits = redis.call('ZSCORE', key(owner, 'waiting'), member)
  local till = redis.call('ZSCORE', key(owner, 'leases'), member)
  return { (waits and till and tonumber(till) > now) and 1 or 0 }
elseif step == 'clear' then
  local waited = redis.call('ZCARD', key(owner, 'waiting'))
  redis.call('DEL', key(owner, 'waiting'), key(owner, 'leases'))
  redis.call('SREM', KEYS[1], owner)
  return { waited }
elseif step == 'renew' then
  hold()
elseif step == 'release' then
  redis.call('ZREM', key(owner, 'leases'), member)
  redis.call('ZREM', key(owner, 'waiting'), member)
  admit(owner)
else
  for _, waits in ipairs(redis.call('SMEMBERS', KEYS[1])) do
    if redis.call('ZCARD', key(waits, 'waiting')) == 0 then redis.call('SREM', KEYS[1], waits) else admit(waits) end
  end
end
return admitted
`;
