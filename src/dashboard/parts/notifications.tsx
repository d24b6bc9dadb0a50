import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { dismiss, useNotifications } from '../notify.js';

export function Notifications() {
  const shown = useNotifications();
  return (
    <div className="notifications">
      <div role="status" aria-label="Notifications">
        {shown
          .filter(({ kind }) => kind === 'done')
          .map(({ id, text }) => (
            <p key={id} className="notification good">
              <CircleCheck aria-hidden size={16} />
              {text}
            </p>
          ))}
      </div>
      {shown
        .filter(({ kind }) => kind === 'error')
        .map(({ id, text, code }) => (
          <div key={id} className="notification bad" role="alert">
            <CircleAlert aria-hidden size={16} />
            <span>
              {text} {code !== null && <code>{code}</code>}
            </span>
            <button type="button" className="icon-button" aria-label="Dismiss" onClick={() => dismiss(id)}>
              <X aria-hidden size={14} />
            </button>
          </div>
        ))}
    </div>
  );
}
