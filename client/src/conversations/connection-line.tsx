import { useServices } from '../services/services.ts';
import { useStore } from '../services/use-store.ts';
import { texts } from '../texts.ts';

/** Whether the page is connected to the server. */
export function ConnectionLine() {
  const state = useStore(useServices().socket.status);
  return (
    <div className="connection" role="status" data-testid="connection-status" data-state={state}>
      <span className="connection-dot" aria-hidden="true" />
      {texts.connection[state]}
    </div>
  );
}
