import { CopyButton } from '../../parts/copy-button.js';
import { JsonView } from '../../parts/json-view.js';

export function Payload({ data }: { data: unknown }) {
  const text = JSON.stringify(data, null, 2);
  return (
    <section aria-label="Payload" className="card">
      <div className="section-head">
        <h2>Payload</h2>
        <CopyButton text={text} name="Copy payload" label="Copy" />
      </div>
      <JsonView text={text} name="Payload as JSON" />
    </section>
  );
}
