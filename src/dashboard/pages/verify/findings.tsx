import { CircleCheck, CircleX } from 'lucide-react';
import type { Explanation } from '../../../verify/index.js';

export function Findings({ found: { valid, findings } }: { found: Explanation }) {
  return (
    <div className="findings" role="status">
      <strong className={valid ? 'good' : 'bad'}>
        {valid ? 'The request is valid.' : 'The request is refused.'}
      </strong>
      <ul className="checks" aria-label="Findings">
        {findings.map((finding) => (
          <li key={finding.text}>
            {finding.kind === 'ok' ? (
              <CircleCheck className="good" aria-label="Good" size={16} />
            ) : (
              <CircleX className="bad" aria-label="Bad" size={16} />
            )}
            <span>{finding.text}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
