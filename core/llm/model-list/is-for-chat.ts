import { fieldsIn, type ListEntry, stringsIn } from './list-entry.ts';

/**
 * Whether an entry of a list may be a model for conversations. Its fields decide; else its name, by which only evident
 * other kinds of models are left out.
 */
export function isForChat(entry: ListEntry, id: string): boolean {
  const capabilities = fieldsIn(entry.capabilities);
  // Mistral; Azure; Groq.
  if (capabilities.completion_chat === false || capabilities.chat_completion === false) return false;
  if (entry.active === false) return false;
  const { type, mode } = entry;
  // Together, LM Studio; LiteLLM. A type that is not listed here may still be for chats.
  if (OTHER_TYPES.test(`${type ?? ''} ${mode ?? ''}`)) return false;
  return (speaksText(entry) ?? true) && !OTHER_NAMES.test(id);
}

const OTHER_TYPES = /embed|image|audio|speech|transcri|moderation|rerank|video|ocr/i;

const OTHER_NAMES = new RegExp(
  [
    'embed|whisper|dall-e|gpt-image|moderation|rerank|transcrib|stable-diffusion|text-to-|prompt-guard|llama-guard|shieldgemma',
    // As a separate word.
    '(^|[-_/.:])(tts|imagen|veo|sora|flux|ocr|bge|gte|e5|minilm|aqa|lyria|realtime|clip)($|[-_/.:\\d])',
    '^(babbage|davinci)-\\d|gpt-3\\.5-turbo-instruct|^gpt-[\\w.-]*audio',
  ].join('|'),
  'i',
);

/** Whether input and output are text: OpenRouter lists the modalities. Undefined if an entry does not. */
function speaksText(entry: ListEntry): boolean | undefined {
  const architecture = fieldsIn(entry.architecture);
  const output = stringsIn(architecture.output_modalities);
  const input = stringsIn(architecture.input_modalities);
  if (output.length === 0 && input.length === 0) return undefined;
  const isText = (modalities: string[]) => modalities.length === 0 || modalities.includes('text');
  return isText(output) && isText(input);
}
