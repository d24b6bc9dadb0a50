import { CircleCheck, CircleX } from 'lucide-react';
import { answerWords, errorDetail, isGood } from '../../logic/attempt-words.js';
import { absolute, clockTime } from '../../logic/times.js';
import type { Attempt, DeliveryWithAttempts } from '../../queries.js';

const FIRST_CHARACTERS = 120;

export function Attempts({ name, delivery }: { name: string; delivery: DeliveryWithAttempts }) {
  const { attempts, attempts_total: total } = delivery;
  return (
    <div className="attempts">
      <h3>{name}</h3>
      {attempts.length === 0 && <p className="muted">None yet.</p>}
      {attempts.length > 0 && (
        <ol aria-label={name}>
          {attempts.map((attempt) => (
            <AttemptItem key={attempt.number} attempt={attempt} />
          ))}
        </ol>
      )}
      {total > attempts.length && (
        <p className="muted">
          The newest {attempts.length} of {total} are shown.
        </p>
      )}
    </div>
  );
}

function AttemptItem({ attempt }: { attempt: Attempt }) {
  const {
    number,
    started_at: startedAt,
    error,
    slow,
    possibly_repeated: repeated,
    response_body: body,
  } = attempt;
  const hasDelivered = isGood(attempt);
  const Icon = hasDelivered ? CircleCheck : CircleX;
  const at = Date.parse(startedAt);
  const detail = errorDetail(error);
  return (
    <li>
      <Icon aria-hidden className={hasDelivered ? 'good' : 'bad'} size={16} />
      <div>
        <p>
          Attempt {number}:{' '}
          <strong className={hasDelivered ? undefined : 'bad'}>{answerWords(attempt)}</strong> at{' '}
          <time dateTime={startedAt} title={absolute(at)}>
            {clockTime(at)}
          </time>
          {slow && <span className="tag">slow</span>}
        </p>
        {detail !== null && <p className="muted">{detail}</p>}
        {repeated && (
          <p className="note">
            The receiver may have got this one twice: the worker was lost while it was sent. The id is the
            same both times.
          </p>
        )}
        {body !== null && body !== '' && (
          <details>
            <summary>
              Answer <code className="first-line">{body.slice(0, FIRST_CHARACTERS)}</code>
            </summary>
            <pre className="wraps" tabIndex={0}>
              {body}
            </pre>
          </details>
        )}
      </div>
    </li>
  );
}
