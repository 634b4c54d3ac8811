import { type ReactNode, useRef, useState } from 'react';
import { useTranslation } from '../language/language-context.tsx';
import { conversationPath, navigate } from '../router/router.ts';
import { useServices } from '../services/services.ts';
import { Composer } from './composer.tsx';
import { useDrafts } from './draft.ts';
import { ModelPicker } from './model-picker.tsx';
import { deviceStorage, rememberedPace } from './pace.ts';
import { PacePicker } from './pace-picker.tsx';
import { UnsentWords } from './unsent-words.ts';
import { useNewConversation } from './use-new-conversation.ts';
import './welcome.css';

const PLACE = 'new';

const EXAMPLES = [
  'welcome.examples.explain',
  'welcome.examples.plan',
  'welcome.examples.review',
  'welcome.examples.toast',
] as const;

/** Where a new conversation begins: with a message, an example, or a greeting. */
export function Welcome({ menu }: { menu: ReactNode }) {
  const { t, say } = useTranslation();
  const { outboxOf } = useServices();
  const drafts = useDrafts();
  const [words, setWords] = useState(() => new UnsentWords(drafts.read(PLACE)));
  const latest = useRef(words);
  const [model, setModel] = useState<string | null>(null);
  const [pace, setPace] = useState(() => rememberedPace(deviceStorage()));
  const { begin, busy, problem } = useNewConversation();

  const change = (next: UnsentWords) => {
    latest.current = next;
    setWords(next);
    drafts.write(PLACE, next.draft);
  };
  const open = async (greet: boolean) => {
    const id = await begin({ model, ...pace, greet });
    if (id === null) return change(latest.current.putBack());
    const { waiting, text } = latest.current;
    for (const message of waiting) void outboxOf(id).send(message.text);
    // What was begun meanwhile is gone on with there.
    drafts.write(id, text);
    drafts.write(PLACE, '');
    navigate(conversationPath(id));
  };
  const send = (message: string) => {
    const isFirst = words.waiting.length === 0;
    change(words.send(message));
    if (isFirst && !busy) void open(false);
  };

  return (
    <>
      <header className="page-header">{menu}</header>
      <main className="welcome" tabIndex={-1}>
        <div className="welcome-body">
          <h1>{t('welcome.title')}</h1>
          <p>{t('welcome.lead')}</p>
          {words.waiting.length > 0 && (
            <ol className="waiting" aria-label={t('thread.sending')}>
              {words.waiting.map((message) => (
                <li key={message.place} data-testid="waiting-message" dir="auto">
                  {message.text}
                </li>
              ))}
            </ol>
          )}
          <Composer text={words.text} onText={(text) => change(words.write(text))} onSend={send}>
            <ModelPicker value={model} onChange={setModel} />
            <PacePicker value={pace} onChange={setPace} />
          </Composer>
          {problem && (
            <p className="welcome-problem" role="alert" data-testid="new-problem">
              {say(problem.said)}
            </p>
          )}
          <ul className="examples">
            {EXAMPLES.map((example) => (
              <li key={example}>
                <button
                  type="button"
                  className="example"
                  data-testid="example-prompt"
                  disabled={busy}
                  onClick={() => send(t(example))}
                >
                  {t(example)}
                </button>
              </li>
            ))}
          </ul>
          <button
            type="button"
            className="text-button"
            data-testid="greet-button"
            disabled={busy}
            onClick={() => void open(true)}
          >
            {t('welcome.greet')}
          </button>
        </div>
      </main>
    </>
  );
}
