import { UNRECONCILED } from './reconciled.ts';

/** How many epochs back a cursor is still valid: restarts of Redis within the retention's age. */
const PAST_EPOCHS = 8;

/** Precedes the turn's id in the message to a speaker whose turn is fast-forwarded; one that is fenced gets the id alone. */
export const FAST_FORWARDED = 'fast-forwarded ';
/** Precedes the turn's id in the message to a speaker for whom the row says something new. */
export const ROW_CHANGED = 'row-changed ';

/**
 * The feed's steps as Lua scripts; each one is atomic. KEYS of all of them: meta, text, log, live channel, fence channel.
 * ARGV begins with: a new epoch to use if one is needed, how many events and how many bytes of them to keep, for how many
 * milliseconds, and the run id of the server that the caller is connected to. The scripts do not parse with `cjson` what
 * callers send: bodies are JSON already and are appended as they are.
 *
 * A feed that was written under another run of the server (a restart, a failover) may have lost its newest writes. The next
 * `advance` continues it in a new epoch, and stores for each past epoch the last sequence number up to which the log is what
 * its listeners received.
 */
const PRELUDE = `
local meta, text, log, live, fence = unpack(KEYS)
local fresh, keep, room, age, run = unpack(ARGV, 1, 5)
local time = redis.call('TIME')
local now = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))

local function refresh()
  for i = 1, 3 do redis.call('PEXPIRE', KEYS[i], age) end
end

-- The epoch; a new one if the server's run is not the one that the feed was last written under.
local function renewed(epoch, writtenUnder)
  if not epoch or run == '' or run == writtenUnder then return epoch end
  local m = redis.call('HMGET', meta, 'seq', 'past')
  local past = { epoch .. ':' .. m[1] }
  for before in string.gmatch(m[2] or '', '%S+') do
    if #past < ${PAST_EPOCHS} then past[#past + 1] = before end
  end
  redis.call('HSET', meta, 'epoch', fresh, 'run', run, 'past', table.concat(past, ' '), 'speaker', 0, 'unreconciled', 1)
  return fresh
end

-- Whether the feed has begun, or was set back, and the row has not been applied to it since.
local function isUnreconciled()
  local m = redis.call('HMGET', meta, 'epoch', 'run', 'unreconciled')
  return not m[1] or m[3] or (run ~= '' and run ~= m[2])
end

local function open()
  local epoch = renewed(unpack(redis.call('HMGET', meta, 'epoch', 'run')))
  if epoch then return epoch end
  redis.call('DEL', text, log)
  redis.call('HSET', meta, 'epoch', fresh, 'run', run, 'seq', 0, 'bytes', 0, 'dropped', 0, 'unreconciled', 1)
  redis.call('PEXPIRE', meta, age)
  return fresh
end

-- Drops the oldest events until an eighth of the space is free, but never the newest one.
local function makeRoom(bytes)
  local enough = bytes - room * 7 / 8
  while true do
    local oldest = redis.call('XRANGE', log, '-', '+', 'COUNT', 32)
    for i, entry in ipairs(oldest) do
      if tonumber(entry[2][4]) > enough or i == #oldest and i < 32 then
        redis.call('XTRIM', log, 'MINID', entry[1])
        redis.call('HSET', meta, 'dropped', entry[2][4] - #entry[2][2])
        return
      end
    end
    redis.call('XTRIM', log, 'MINID', oldest[32][1])
  end
end

local function eventOf(epoch, seq, body)
  return string.format('{"epoch":"%s","seq":%.0f,"at":%s,%s', epoch, seq, now, string.sub(body, 2))
end

-- Keeps and publishes an event that the counters include already.
local function emit(seq, bytes, event)
  redis.call('XADD', log, 'MAXLEN', '~', keep, string.format('%.0f-0', seq), 'e', event, 'b', bytes)
  if (seq % 16 == 0 or #event > 1024) and bytes - redis.call('HGET', meta, 'dropped') > tonumber(room) then
    makeRoom(bytes)
  end
  redis.call('PUBLISH', live, event)
  return seq
end

local function append(epoch, body)
  local seq = redis.call('HINCRBY', meta, 'seq', 1)
  local event = eventOf(epoch, seq, body)
  return emit(seq, redis.call('HINCRBY', meta, 'bytes', #event), event)
end

local function said() return redis.call('GET', text) or '' end

-- The step of every word: one read of the counters and one write of them.
local function say(epoch, turn, spoken, spokenJson, units, tokens)
  local m = redis.call('HMGET', meta, 'seq', 'bytes', 'units', 'tokens')
  local seq, offset = m[1] + 1, tonumber(m[3])
  local event = eventOf(epoch, seq, string.format('{"type":"TurnTextAdded","turnId":"%s","text":%s,"offset":%.0f,"tokens":%s}',
    turn, spokenJson, offset, tokens))
  local bytes = m[2] + #event
  redis.call('HSET', meta, 'seq', seq, 'bytes', bytes, 'units', offset + units, 'tokens', m[4] + tokens)
  redis.call('APPEND', text, spoken)
  return emit(seq, bytes, event)
end

-- Holds a turn that has ended until it is published, however long that takes.
local function hold(turn, ending)
  redis.call('HSET', meta, 'ending', ending)
  for i = 1, 3 do redis.call('PERSIST', KEYS[i]) end
end

local function state(epoch)
  local m = redis.call('HMGET', meta, 'seq', 'turn', 'speaker', 'cause', 'model', 'fallback', 'tokens', 'startSeq', 'startedAt', 'ending', 'fastForwarded')
  if not m[2] then return { epoch, tonumber(m[1]) } end
  return { epoch, tonumber(m[1]), m[2], tonumber(m[3]), m[4], m[5], m[6] or '', tonumber(m[7]), tonumber(m[8]), tonumber(m[9]), said(), m[10] or '', m[11] == m[2] and 1 or 0 }
end

-- Nil if the caller may speak; else the outcome to return.
local function refusal(turn, epoch, token)
  local m = redis.call('HMGET', meta, 'epoch', 'turn', 'speaker', 'run', 'ending')
  if m[1] ~= epoch or (run ~= '' and run ~= m[4]) then return 'lost' end
  if m[2] ~= turn or m[3] ~= token or m[5] then return 'fenced' end
  return nil
end
`;

/**
 * ARGV: the pending turn or an empty string, its cause, model, TurnStarted, fallback as JSON or an empty string, spoken text,
 * the same as JSON, its units and tokens; the newest turn id of the row; the number of the last published entry; the epoch to
 * reconcile or an empty string; 1 if the pending turn may be opened; the turn to drop or an empty string; the number of turns
 * that are over, then their ids; then the entries of the outbox, each: n, the turn that it ends or an empty string, 1 if its
 * events are published only if the feed holds that turn, the number of events, or -1 for a placeholder, or -2 for a reset,
 * then the events.
 */
const ADVANCE = `
local reconciles, opens = unpack(ARGV, 17, 18)
local pending, cause, model, started, fallback, spoken, spokenJson, units, tokens, last = unpack(ARGV, 6, 15)
local epoch = open()
local begun = epoch
local m = redis.call('HMGET', meta, 'turn', 'ending', 'closed', 'floor', 'published', 'gone')
local turn, ending, closed, floor, published = m[1], m[2], m[3] or '', m[4] or '', tonumber(m[5] or 0)
if m[6] then return false end
local known = tonumber(ARGV[16])
-- Published events are missing from the log: no earlier position may resume in it.
if known > published and redis.call('HGET', meta, 'unreconciled') then redis.call('HSET', meta, 'past', '') end
published = math.max(published, known)
local before = published

if turn and not ending and turn ~= pending and turn <= last then
  ending = '{"type":"cut"}'
  hold(turn, ending)
  redis.call('PUBLISH', fence, turn)
end

local at = 20
local overs = tonumber(ARGV[at])
for i = at + 1, at + overs do
  if ARGV[i] > closed then closed = ARGV[i] end
end
if pending ~= '' and pending > floor then floor = pending end
redis.call('HSET', meta, 'closed', closed, 'floor', floor)
at = at + overs + 1

-- The TurnStarted of a turn that the feed holds is omitted: it was published.
local function publish(ends, quiet, first, count)
  local held = ends ~= '' and ends == turn
  if held then
    redis.call('HDEL', meta, 'turn', 'ending')
    redis.call('DEL', text)
    turn = nil
  end
  -- A feed that has lost the turn must not open it again.
  if ends > closed then
    closed = ends
    redis.call('HSET', meta, 'closed', closed)
  end
  if quiet and not held then return end
  for i = first, first + count - 1 do
    if not held or string.sub(ARGV[i], 1, 21) ~= '{"type":"TurnStarted"' then append(epoch, ARGV[i]) end
  end
end

local function reset()
  redis.call('HSET', meta, 'epoch', fresh, 'past', '', 'speaker', 0)
  epoch = fresh
  redis.call('PUBLISH', live, 'false')
end

if turn and ending and turn == ARGV[19] then
  publish(turn, false, 0, 0)
  reset()
end

local blocked = false
while at <= #ARGV do
  local n, ends, quiet, count = tonumber(ARGV[at]), ARGV[at + 1], ARGV[at + 2] == '1', tonumber(ARGV[at + 3])
  if n > published then
    if count == -1 then
      blocked = true
      break
    end
    published = n
    if count == -2 then
      reset()
    else
      publish(ends, quiet, at + 4, count)
    end
  end
  at = at + 4 + math.max(count, 0)
end
redis.call('HSET', meta, 'published', published)

if pending ~= '' and opens == '1' and not blocked and not turn and pending >= floor and pending > closed then
  redis.call('DEL', text)
  local seq = append(epoch, started)
  redis.call('HSET', meta, 'turn', pending, 'closed', pending, 'speaker', 0, 'cause', cause, 'model', model,
    'fallback', fallback, 'tokens', 0, 'units', 0, 'startSeq', seq, 'startedAt', now)
  if spoken ~= '' then say(epoch, pending, spoken, spokenJson, units, tokens) end
end
if reconciles == begun and not blocked and not (turn and ending) then
  -- Every turn but the pending one is over: a late caller with an older row must not open it.
  if pending == '' and last > closed then redis.call('HSET', meta, 'closed', last) end
  redis.call('HDEL', meta, 'unreconciled')
end
if not redis.call('HGET', meta, 'ending') then refresh() end
return { before, published, redis.call('HGET', meta, 'unreconciled') and epoch or '', unpack(state(epoch)) }
`;

const BEGIN = `
open()
redis.call('HDEL', meta, 'unreconciled')
return 1
`;

/** ARGV: turn, then the epoch and the fencing token that the caller had, or two empty strings. */
const CLAIM = `
local turn, from, was = unpack(ARGV, 6, 8)
if isUnreconciled() then return '${UNRECONCILED}' end
local m = redis.call('HMGET', meta, 'turn', 'speaker', 'ending', 'epoch')
local epoch = m[4]
if m[1] ~= turn or m[3] then return false end
if from ~= '' and m[2] ~= (from == epoch and was or '0') then return false end
redis.call('HINCRBY', meta, 'speaker', 1)
return state(epoch)
`;

/** ARGV: turn, epoch, fencing token, text, the same as JSON, its units and tokens. Extends the expiry only every 64 events. */
const SPEAK = `
local turn, epoch, token, spoken, spokenJson, units, tokens = unpack(ARGV, 6, 12)
local refused = refusal(turn, epoch, token)
if refused then return refused end
if say(epoch, turn, spoken, spokenJson, units, tokens) % 64 == 0 then refresh() end
return 'spoken'
`;

/** ARGV: turn, epoch, fencing token, its TurnThinking. Extends the expiry only every 64 events. */
const THINK = `
local turn, epoch, token, thinking = unpack(ARGV, 6, 9)
local refused = refusal(turn, epoch, token)
if refused then return refused end
if append(epoch, thinking) % 64 == 0 then refresh() end
return 'published'
`;

/** ARGV: turn, epoch, fencing token, its ending as JSON. */
const FINISH = `
local turn, epoch, token, ending = unpack(ARGV, 6, 9)
local refused = refusal(turn, epoch, token)
if refused then return refused end
hold(turn, ending)
return 'finished'
`;

/** ARGV: turn. The mark names the turn, so that it is no other's. */
const FAST_FORWARD = `
local turn = ARGV[6]
if isUnreconciled() then return '${UNRECONCILED}' end
local m = redis.call('HMGET', meta, 'turn', 'ending')
if m[1] ~= turn or m[2] then return 0 end
redis.call('HSET', meta, 'fastForwarded', turn)
redis.call('PUBLISH', fence, '${FAST_FORWARDED}' .. turn)
return 1
`;

/** ARGV: turn. */
const NOTIFY_SPEAKER = `
redis.call('PUBLISH', fence, '${ROW_CHANGED}' .. ARGV[6])
return 1
`;

/** ARGV: event bodies. */
const APPEND = `
if isUnreconciled() then return '${UNRECONCILED}' end
local epoch = redis.call('HGET', meta, 'epoch')
if redis.call('HEXISTS', meta, 'gone') == 0 then
  for i = 6, #ARGV do append(epoch, ARGV[i]) end
  if not redis.call('HGET', meta, 'ending') then refresh() end
end
return { epoch, tonumber(redis.call('HGET', meta, 'seq')) }
`;

const STATE = `
if isUnreconciled() then return '${UNRECONCILED}' end
return state(redis.call('HGET', meta, 'epoch'))
`;

/** ARGV: turn. Returns 1 if it or a newer one was opened, or was cut off before that, or if the feed was removed. */
const IS_CLOSED = `
local m = redis.call('HMGET', meta, 'closed', 'gone')
return (m[2] or (m[1] or '') >= ARGV[6]) and 1 or 0
`;

/**
 * ARGV: epoch and seq to read after, or two empty strings. Returns the state, 1 if all events after it are retained, and
 * those events. All at once: the retention bounds their size.
 */
const READ = `
if isUnreconciled() then return '${UNRECONCILED}' end
local epoch = redis.call('HGET', meta, 'epoch')
local now_ = state(epoch)
local from, after = ARGV[6], tonumber(ARGV[7])
if not after then return { now_, 0 } end
local stands = from == epoch and now_[2] or -1
for past, seq in string.gmatch(redis.call('HGET', meta, 'past') or '', '(%S+):(%d+)') do
  if past == from then stands = tonumber(seq) end
end
if after > stands then return { now_, 0 } end
local oldest = redis.call('XRANGE', log, '-', '+', 'COUNT', 1)[1]
local first = oldest and tonumber(string.match(oldest[1], '^%d+')) or now_[2] + 1
if after + 1 < first then return { now_, 0 } end
local events = {}
for i, entry in ipairs(redis.call('XRANGE', log, after + 1, '+')) do events[i] = entry[2][2] end
return { now_, 1, events }
`;

/** Publishes to listeners and watchers that the conversation is gone, and removes everything except that mark. */
const REMOVE = `
local turn = redis.call('HGET', meta, 'turn')
redis.call('DEL', meta, text, log)
redis.call('HSET', meta, 'epoch', fresh, 'run', run, 'seq', 0, 'bytes', 0, 'dropped', 0, 'gone', 1)
redis.call('PEXPIRE', meta, age)
redis.call('PUBLISH', live, 'null')
if turn then redis.call('PUBLISH', fence, turn) end
return 1
`;

export const FEED_SCRIPTS = {
  feedAdvance: PRELUDE + ADVANCE,
  feedBegin: PRELUDE + BEGIN,
  feedClaim: PRELUDE + CLAIM,
  feedSpeak: PRELUDE + SPEAK,
  feedThink: PRELUDE + THINK,
  feedFinish: PRELUDE + FINISH,
  feedFastForward: PRELUDE + FAST_FORWARD,
  feedNotifySpeaker: PRELUDE + NOTIFY_SPEAKER,
  feedAppend: PRELUDE + APPEND,
  feedState: PRELUDE + STATE,
  feedIsClosed: PRELUDE + IS_CLOSED,
  feedRead: PRELUDE + READ,
  feedRemove: PRELUDE + REMOVE,
};
