import { useTranslation } from '../language/language-context.tsx';
import { useBranches } from './branches.ts';
import './branch-pager.css';

/** Pages through the alternatives of a message, as `2 / 3`; nothing where there is one. */
export function BranchPager({ messageId }: { messageId: string }) {
  const { t } = useTranslation();
  const { of, busy, select } = useBranches();
  const branch = of(messageId);
  if (!branch || branch.count < 2) return null;
  const { index, count, previousId, nextId } = branch;
  const buttons = [
    { testId: 'previous-branch', sign: '‹', name: t('thread.branches.previous'), id: previousId },
    { testId: 'next-branch', sign: '›', name: t('thread.branches.next'), id: nextId },
  ];
  const [before, after] = buttons.map(({ testId, sign, name, id }) => (
    <button
      key={testId}
      type="button"
      className="branch-button"
      data-testid={testId}
      aria-label={name}
      disabled={busy || !id}
      onClick={() => id && select(id)}
    >
      {sign}
    </button>
  ));
  return (
    <fieldset className="branch-pager" data-testid="branch-pager" aria-label={t('thread.branches.label')}>
      {before}
      <span>{t('thread.branches.position', { index: index + 1, count })}</span>
      {after}
    </fieldset>
  );
}
