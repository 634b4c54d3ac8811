import { v5 } from 'uuid';
import { LOCAL_OWNER } from '../../core/domain/owner.ts';
import type { InterruptionReason } from '../../core/domain/vocabulary.ts';
import { previewOf } from '../../core/text/preview.ts';
import { titleFrom } from '../../core/text/title.ts';
import type { Prisma, PrismaClient } from '../../generated/prisma/client.ts';
import type { Dialogue, Line } from './dialogue.ts';
import { DIALOGUES } from './dialogues.ts';
import { Random } from './random.ts';

const DAY_MS = 86_400_000;
const SPAN_MS = 30 * DAY_MS;
const PROVIDER = 'openrouter';

interface Rows {
  readonly conversations: Prisma.ConversationCreateManyInput[];
  readonly messages: Prisma.MessageCreateManyInput[];
  readonly inferenceLogs: Prisma.InferenceLogCreateManyInput[];
}

/**
 * Stores a month of the local user's conversations, up to now, unless they exist. Resolves to the number of stored ones.
 * Conversations that the user has deleted are not stored again while any of them is left.
 */
export async function seedMonth(prisma: PrismaClient, now: Date): Promise<number> {
  const marks = DIALOGUES.map((_, index) => markOf(index));
  if (await prisma.message.findFirst({ where: { clientMessageId: { in: marks } }, select: { id: true } }))
    return 0;
  const rows = writeMonth(now);
  await prisma.$transaction([
    prisma.conversation.createMany({ data: rows.conversations }),
    prisma.message.createMany({ data: rows.messages }),
    prisma.inferenceLog.createMany({ data: rows.inferenceLogs }),
  ]);
  return rows.conversations.length;
}

/** The fields of a message for the failure of its newest answer. */
function failureOf(line: Line, turnId: string) {
  return 'fault' in line
    ? { failedTurnId: turnId, failureCode: line.fault, failureRetryable: line.fault !== 'CONTENT_BLOCKED' }
    : { failedTurnId: null, failureCode: null, failureRetryable: null };
}

function cutOffBy(next: Line | undefined): InterruptionReason {
  return next && 'you' in next ? 'USER_MESSAGE' : 'CANCELLED';
}

// Times and ids depend on the day of seeding, so this mark identifies a seeded conversation.
function markOf(index: number): string {
  return v5(`taskflow seed ${index}`, v5.URL);
}

function writeMonth(now: Date): Rows {
  const random = new Random(20_26);
  const rows: Rows = { conversations: [], messages: [], inferenceLogs: [] };
  const step = SPAN_MS / DIALOGUES.length;
  DIALOGUES.forEach((dialogue, index) => {
    const begin = now.getTime() - SPAN_MS + index * step + random.between(0, Math.floor(step * 0.9));
    writeConversation(rows, dialogue, index, begin, random);
  });
  return rows;
}

function writeConversation(
  rows: Rows,
  dialogue: Dialogue,
  index: number,
  begin: number,
  random: Random,
): void {
  const { model, status } = dialogue;
  const conversationId = random.id(begin);
  const messages: Prisma.MessageCreateManyInput[] = [];
  let time = begin;
  let context = 220;
  let lastTurnId: string | null = null;
  let asked: Prisma.MessageCreateManyInput | undefined;
  for (const [at, line] of dialogue.lines.entries()) {
    if ('you' in line) {
      time += random.between(4_000, 40_000);
      asked = {
        id: random.id(time),
        conversationId,
        role: 'USER',
        content: line.you,
        status: 'COMPLETED',
        createdAt: new Date(time),
      };
      // The mark is on the first user message of a conversation, else on its greeting.
      if (!messages.some(({ clientMessageId }) => clientMessageId)) asked.clientMessageId = markOf(index);
      messages.push(asked);
      context += tokensOf(line.you);
      continue;
    }
    time += random.between(60, 400);
    const turn = { id: random.id(time), began: time, ...speak(line, random) };
    time += turn.latencyMs;
    lastTurnId = turn.id;
    if (asked) Object.assign(asked, { turnId: turn.id, ...failureOf(line, turn.id) });
    const spoken = spokenOf(line);
    if (spoken !== null) {
      messages.push({
        id: turn.id,
        conversationId,
        role: 'ASSISTANT',
        content: spoken,
        status: 'cut' in line ? 'INTERRUPTED' : 'COMPLETED',
        interruptionReason: 'cut' in line ? cutOffBy(dialogue.lines[at + 1]) : null,
        model,
        createdAt: new Date(turn.began),
      });
    }
    rows.inferenceLogs.push({
      id: random.id(time),
      conversationId,
      messageId: spoken === null ? null : turn.id,
      model,
      provider: PROVIDER,
      latencyMs: turn.latencyMs,
      timeToFirstTokenMs: turn.timeToFirstTokenMs,
      inputTokens: context,
      outputTokens: spoken === null ? 0 : tokensOf(spoken),
      status: turn.status,
      ...('fault' in line
        ? { errorCode: line.fault, errorMessage: FAULTS[line.fault] ?? 'The provider failed.' }
        : {}),
      inputPreview: asked ? previewOf(asked.content) : null,
      outputPreview: spoken === null ? null : previewOf(spoken),
      createdAt: new Date(time),
    });
    context += spoken === null ? 0 : tokensOf(spoken);
  }
  const [first] = messages;
  if (first && !messages.some(({ clientMessageId }) => clientMessageId))
    first.clientMessageId = markOf(index);
  const firstWords = messages.find(({ role }) => role === 'USER')?.content;
  const last = messages.at(-1);
  rows.conversations.push({
    id: conversationId,
    ...LOCAL_OWNER,
    title: dialogue.renamed ?? (firstWords === undefined ? null : titleFrom(firstWords)),
    status,
    model,
    provider: PROVIDER,
    pacing: index % 7 === 4 ? 'INSTANT' : 'HUMAN',
    messageCount: messages.length,
    lastMessagePreview: last ? previewOf(last.content) : null,
    lastActivityAt: last?.createdAt ?? new Date(begin),
    createdAt: new Date(begin),
    updatedAt: new Date(time),
    lastTurnId,
  });
  rows.messages.push(...messages);
}

interface Call {
  readonly status: 'SUCCESS' | 'ABORTED' | 'ERROR';
  readonly latencyMs: number;
  readonly timeToFirstTokenMs: number | null;
}

function speak(line: Exclude<Line, { you: string }>, random: Random): Call {
  if ('fault' in line) {
    const latencyMs = line.fault === 'TIMEOUT' ? 60_000 : random.between(90, 1_400);
    return { status: 'ERROR', latencyMs, timeToFirstTokenMs: null };
  }
  const timeToFirstTokenMs = random.between(180, 1_100);
  const latencyMs = timeToFirstTokenMs + tokensOf(spokenOf(line) ?? '') * random.between(9, 28);
  return { status: 'cut' in line ? 'ABORTED' : 'SUCCESS', latencyMs, timeToFirstTokenMs };
}

const FAULTS: Record<string, string | undefined> = {
  RATE_LIMITED: '429 Too Many Requests',
  TIMEOUT: 'No answer within 60000 ms',
  SERVICE_UNAVAILABLE: '503 Service Unavailable',
  CONTENT_BLOCKED: 'The provider’s content filter refused the request',
};

function spokenOf(line: Exclude<Line, { you: string }>): string | null {
  if ('ai' in line) return line.ai;
  return 'cut' in line ? line.cut : null;
}

/** An estimate: four bytes of UTF-8 per token. */
function tokensOf(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4);
}
