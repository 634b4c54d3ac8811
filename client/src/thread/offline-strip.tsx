import { useServices } from '../services/services.ts';
import { useStore } from '../services/use-store.ts';
import { texts } from '../texts.ts';
import './offline-strip.css';

/** Says, while the page is not connected, what becomes of what is sent. `waiting`: how many messages are on their way. */
export function OfflineStrip({ waiting }: { waiting: number }) {
  const state = useStore(useServices().socket.status);
  return (
    <div role="status" data-testid="offline-strip" data-waiting={waiting}>
      {state === 'reconnecting' && (
        <p className="offline-strip">
          {texts.connection.offline} {waiting > 0 && texts.connection.waiting(waiting)}
        </p>
      )}
    </div>
  );
}
