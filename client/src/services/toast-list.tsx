import { CloseIcon } from '../icons.tsx';
import { texts } from '../texts.ts';
import { useServices } from './services.ts';
import './toast-list.css';
import { useStore } from './use-store.ts';

/** The visible toasts; screen readers announce each. */
export function ToastList() {
  const { toasts } = useServices();
  const shown = useStore(toasts);
  return (
    <div className="toasts" role="alert" data-testid="toasts">
      {shown.map((toast) => (
        <div key={toast.id} className="toast">
          <span>{toast.text}</span>
          <button
            type="button"
            className="icon-button"
            aria-label={texts.dismiss}
            onClick={() => toasts.dismiss(toast.id)}
          >
            <CloseIcon />
          </button>
        </div>
      ))}
    </div>
  );
}
