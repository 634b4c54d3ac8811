import { fieldsIn, type ListEntry, stringsIn } from './list-entry.ts';

/**
 * Whether a list's entry may be a model for conversations: as its fields say; else by its name, where nothing but the
 * names of what is evidently none is left out.
 */
export function isForChat(entry: ListEntry, id: string): boolean {
  const capabilities = fieldsIn(entry.capabilities);
  // Mistral; Azure; Groq.
  if (capabilities.completion_chat === false || capabilities.chat_completion === false) return false;
  if (entry.active === false) return false;
  const { type, mode } = entry;
  // Together, LM Studio; LiteLLM. What has another type by name may still talk.
  if (OTHER_TYPES.test(`${type ?? ''} ${mode ?? ''}`)) return false;
  return (speaksText(entry) ?? true) && !OTHER_NAMES.test(id);
}

const OTHER_TYPES = /embed|image|audio|speech|transcri|moderation|rerank|video|ocr/i;

const OTHER_NAMES = new RegExp(
  [
    'embed|whisper|dall-e|gpt-image|moderation|rerank|transcrib|stable-diffusion|text-to-|prompt-guard|llama-guard|shieldgemma',
    // As a word of its own.
    '(^|[-_/.:])(tts|imagen|veo|sora|flux|ocr|bge|gte|e5|minilm|aqa|lyria|realtime|clip)($|[-_/.:\\d])',
    '^(babbage|davinci)-\\d|gpt-3\\.5-turbo-instruct|^gpt-[\\w.-]*audio',
  ].join('|'),
  'i',
);

/** OpenRouter says what goes in and comes out; undefined where an entry does not. */
function speaksText(entry: ListEntry): boolean | undefined {
  const architecture = fieldsIn(entry.architecture);
  const output = stringsIn(architecture.output_modalities);
  const input = stringsIn(architecture.input_modalities);
  if (output.length === 0 && input.length === 0) return undefined;
  const isText = (modalities: string[]) => modalities.length === 0 || modalities.includes('text');
  return isText(output) && isText(input);
}
