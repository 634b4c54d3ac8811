import { CloseIcon } from '../icons.tsx';
import { useTranslation } from '../language/language-context.tsx';
import { useServices } from './services.ts';
import './toast-list.css';
import { useStore } from './use-store.ts';

/** The visible toasts; screen readers announce each. */
export function ToastList() {
  const { t, say } = useTranslation();
  const { toasts } = useServices();
  const shown = useStore(toasts);
  return (
    <div className="toasts" role="alert" data-testid="toasts">
      {shown.map((toast) => (
        <div key={toast.id} className="toast">
          <span>{say(toast.said)}</span>
          <button
            type="button"
            className="icon-button"
            aria-label={t('dismiss')}
            onClick={() => toasts.dismiss(toast.id)}
          >
            <CloseIcon />
          </button>
        </div>
      ))}
    </div>
  );
}
