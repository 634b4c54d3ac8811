import {
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
} from 'react';
import type { WhileSpeaking } from '../gql/graphql.ts';
import { SendIcon, StopIcon, ToEndIcon } from '../icons.tsx';
import { useTranslation } from '../language/language-context.tsx';
import { typesByFinger } from '../types-by-finger.ts';
import './composer.css';

import { charactersLeft, isSendable } from './limit.ts';
import { sends } from './sends.ts';

/** What a {@link Composer} shows, and its events. */
export interface ComposerProps {
  text: string;
  onText(text: string): void;
  /** Gets the text as it was written, and is called only with a text that can be sent. */
  onSend(text: string, whileSpeaking: WhileSpeaking): void;
  onBlur?(): void;
  /** Present while an answer can be stopped. */
  onStop?: (() => void) | undefined;
  stopping?: boolean;
  /** Present while the rest of an answer can be shown at once. */
  onShowRest?: (() => void) | undefined;
  /** Below the text: the model picker and the like. */
  children?: ReactNode;
  inputRef?: Ref<HTMLTextAreaElement>;
}

/** Where the user writes. Which keys send: see {@link sends}. */
export function Composer(props: ComposerProps) {
  const { t } = useTranslation();
  const { text, onText, onSend, onStop, onShowRest } = props;
  const form = useRef<HTMLFormElement>(null);
  const left = charactersLeft(text);
  const sendable = isSendable(text);
  const hintId = useId();

  const send = (whileSpeaking: WhileSpeaking) => {
    if (sendable) onSend(text, whileSpeaking);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const how = sends(event.nativeEvent, typesByFinger());
    if (how === null) return;
    event.preventDefault();
    send(how);
  };
  useAutosize(form, text);
  useFocusOnArrival(form);

  return (
    <form
      ref={form}
      className="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send('AUTO');
      }}
    >
      <textarea
        ref={props.inputRef}
        data-testid="composer-input"
        aria-label={t('composer.label')}
        aria-describedby={hintId}
        aria-invalid={left !== null && left < 0}
        placeholder={t('composer.placeholder')}
        enterKeyHint={typesByFinger() ? 'enter' : 'send'}
        rows={1}
        // That of the page while it is empty, where browsers take it to be from left to right.
        dir={text === '' ? undefined : 'auto'}
        value={text}
        onChange={(event) => onText(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={props.onBlur}
      />
      <div className="composer-bar">
        {props.children}
        <span id={hintId} className="visually-hidden">
          {t('composer.hint')}
        </span>
        {left !== null && (
          <span className="composer-left" data-over={left < 0} role="status" data-testid="characters-left">
            {left >= 0 ? t('composer.left', { count: left }) : t('composer.over', { count: -left })}
          </span>
        )}
        <span className="composer-gap" />
        {onShowRest && (
          <button
            type="button"
            className="round-button rest-button"
            data-testid="show-rest"
            aria-label={t('composer.showRest')}
            title={t('composer.showRest')}
            onClick={onShowRest}
          >
            <ToEndIcon />
          </button>
        )}
        {onStop && (
          <button
            type="button"
            className="round-button stop-button"
            data-testid="stop-button"
            aria-label={props.stopping ? t('composer.stopping') : t('composer.stop')}
            title={t('composer.stop')}
            disabled={props.stopping}
            onClick={onStop}
          >
            <StopIcon />
          </button>
        )}
        <button
          type="submit"
          className="round-button send-button"
          data-testid="send-button"
          aria-label={t('composer.send')}
          title={t('composer.hint')}
          disabled={!sendable}
        >
          <SendIcon />
        </button>
      </div>
    </form>
  );
}

/** Grows with the text, up to the max-height of the style sheet. */
function useAutosize(form: { current: HTMLFormElement | null }, text: string): void {
  useLayoutEffect(() => {
    const area = form.current?.querySelector('textarea');
    if (!area) return;
    area.style.height = 'auto';
    // Reads `text`, so that the effect runs when it changes.
    if (text !== '') area.style.height = `${area.scrollHeight}px`;
  }, [form, text]);
}

/** Focuses the text at once if there is a keyboard; an on-screen keyboard must not open by itself. */
function useFocusOnArrival(form: { current: HTMLFormElement | null }): void {
  useEffect(() => {
    if (!typesByFinger()) form.current?.querySelector('textarea')?.focus({ preventScroll: true });
  }, [form]);
}
