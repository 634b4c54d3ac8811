import { useTranslation } from '../language/language-context.tsx';
import { useServices } from '../services/services.ts';
import { useStore } from '../services/use-store.ts';

/** Whether the page is connected to the server. */
export function ConnectionLine() {
  const { t } = useTranslation();
  const state = useStore(useServices().socket.status);
  return (
    <div className="connection" role="status" data-testid="connection-status" data-state={state}>
      <span className="connection-dot" aria-hidden="true" />
      {t(`connection.${state}`)}
    </div>
  );
}
