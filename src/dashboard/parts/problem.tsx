import { CircleAlert } from 'lucide-react';
import { wordsOf } from '../logic/problem-words.js';
import { CopyButton } from './copy-button.js';

/** What went wrong, and a way on. It never looks like an empty list. */
export function ProblemView({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { title, detail, code, requestId } = wordsOf(error);
  return (
    <div className="problem" role="alert">
      <CircleAlert aria-hidden size={20} />
      <div>
        <strong>{title}</strong>
        <p>{detail}</p>
        <dl className="facts">
          {code !== null && (
            <div>
              <dt>Code</dt>
              <dd>
                <code>{code}</code>
              </dd>
            </div>
          )}
          {requestId !== null && (
            <div>
              <dt>Request</dt>
              <dd>
                <code>{requestId}</code> <CopyButton text={requestId} name="Copy request id" />
              </dd>
            </div>
          )}
        </dl>
        {onRetry && (
          <button type="button" onClick={onRetry}>
            Try again
          </button>
        )}
      </div>
    </div>
  );
}
