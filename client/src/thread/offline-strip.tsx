import { useTranslation } from '../language/language-context.tsx';
import { useServices } from '../services/services.ts';
import { useStore } from '../services/use-store.ts';
import './offline-strip.css';

/** Says, while the page is not connected, what becomes of what is sent. `waiting`: how many messages are on their way. */
export function OfflineStrip({ waiting }: { waiting: number }) {
  const { t } = useTranslation();
  const state = useStore(useServices().socket.status);
  return (
    <div role="status" data-testid="offline-strip" data-waiting={waiting}>
      {state === 'reconnecting' && (
        <p className="offline-strip">
          {t('connection.offline')} {waiting > 0 && t('connection.messagesWait', { count: waiting })}
        </p>
      )}
    </div>
  );
}
