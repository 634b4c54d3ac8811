import { type Ref, useState } from 'react';
import { useMutation } from 'urql';
import { Composer } from '../composer/composer.tsx';
import { useDrafts } from '../composer/draft.ts';
import { ModelPicker } from '../composer/model-picker.tsx';
import type { Pace } from '../composer/pace.ts';
import { PacePicker } from '../composer/pace-picker.tsx';
import { useTyping } from '../composer/use-typing.ts';
import { type ThreadHeadFragment, UpdateConversationDocument, type WhileSpeaking } from '../gql/graphql.ts';
import { problemOf } from '../graphql/problem.ts';
import { useServices } from '../services/services.ts';

/** What can be done to a {@link ThreadComposer} from outside. */
export interface ComposerHandle {
  /** Puts a text back for editing, in front of what has been written since. */
  restore(text: string): void;
}

/** The composer of an open conversation: keeps its draft, reports typing, chooses its model. */
export function ThreadComposer(props: {
  conversation: ThreadHeadFragment;
  onSend(text: string, whileSpeaking: WhileSpeaking): void;
  onStop: (() => void) | undefined;
  stopping: boolean;
  onShowRest: (() => void) | undefined;
  inputRef: Ref<HTMLTextAreaElement>;
  handle: { current: ComposerHandle | null };
}) {
  const { conversation } = props;
  const { pacing, readingWpm } = conversation;
  const { toasts } = useServices();
  const drafts = useDrafts();
  const [text, setText] = useState(() => drafts.read(conversation.id));
  const typing = useTyping(conversation.id);
  const [, updateConversation] = useMutation(UpdateConversationDocument);

  const write = (next: string) => {
    setText(next);
    drafts.write(conversation.id, next);
  };
  props.handle.current = { restore: (it) => write(text.trim() ? `${it}\n${text}` : it) };

  const choose = async (change: { model: string } | Pace) => {
    const input = { conversationId: conversation.id, ...change };
    const { data, error } = await updateConversation({ input });
    const problem = problemOf(error, data?.updateConversation);
    if (problem) toasts.show(problem.said);
  };

  return (
    <Composer
      inputRef={props.inputRef}
      text={text}
      onText={(next) => {
        write(next);
        if (next.trim()) typing.key();
        else typing.stop();
      }}
      onBlur={() => typing.stop()}
      onSend={(sent, whileSpeaking) => {
        typing.stop();
        write('');
        props.onSend(sent, whileSpeaking);
      }}
      onStop={props.onStop}
      stopping={props.stopping}
      onShowRest={props.onShowRest}
    >
      <ModelPicker value={conversation.model.id} onChange={(model) => void choose({ model })} />
      <PacePicker value={{ pacing, readingWpm }} onChange={(pace) => void choose(pace)} />
    </Composer>
  );
}
