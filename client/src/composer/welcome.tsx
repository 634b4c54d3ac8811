import { type ReactNode, useState } from 'react';
import type { Pacing } from '../gql/graphql.ts';
import { texts } from '../texts.ts';
import { Composer } from './composer.tsx';
import { useDrafts } from './draft.ts';
import { ModelPicker } from './model-picker.tsx';
import { useNewConversation } from './use-new-conversation.ts';
import './welcome.css';

const PLACE = 'new';

/** Where a new conversation begins: with a message, an example, or a greeting. */
export function Welcome({ menu }: { menu: ReactNode }) {
  const drafts = useDrafts();
  const [text, setText] = useState(() => drafts.read(PLACE));
  const [model, setModel] = useState<string | null>(null);
  const [pacing, setPacing] = useState<Pacing>('HUMAN');
  const { begin, busy, problem } = useNewConversation();

  const write = (next: string) => {
    setText(next);
    drafts.write(PLACE, next);
  };
  const send = async (sent: string) => {
    if (await begin({ model, pacing, text: sent })) drafts.write(PLACE, '');
  };

  return (
    <>
      <header className="page-header">{menu}</header>
      <main className="welcome">
        <div className="welcome-body">
          <h1>{texts.welcome.title}</h1>
          <p>{texts.welcome.lead}</p>
          <Composer text={text} onText={write} onSend={(sent) => void send(sent)} busy={busy}>
            <ModelPicker value={model} onChange={setModel} />
            <select
              className="select"
              data-testid="pacing-picker"
              aria-label={texts.welcome.pacing}
              title={texts.welcome.pacing}
              value={pacing}
              onChange={(event) => setPacing(event.target.value === 'INSTANT' ? 'INSTANT' : 'HUMAN')}
            >
              <option value="HUMAN">{texts.welcome.pacings.HUMAN}</option>
              <option value="INSTANT">{texts.welcome.pacings.INSTANT}</option>
            </select>
          </Composer>
          {problem && (
            <p className="welcome-problem" role="alert" data-testid="new-problem">
              {problem.text}
            </p>
          )}
          <ul className="examples">
            {texts.welcome.examples.map((example) => (
              <li key={example}>
                <button
                  type="button"
                  className="example"
                  data-testid="example-prompt"
                  disabled={busy}
                  onClick={() => void send(example)}
                >
                  {example}
                </button>
              </li>
            ))}
          </ul>
          <button
            type="button"
            className="text-button"
            data-testid="greet-button"
            disabled={busy}
            onClick={() => void begin({ model, pacing })}
          >
            {texts.welcome.greet}
          </button>
        </div>
      </main>
    </>
  );
}
