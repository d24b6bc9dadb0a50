import type { components } from '../../client/index.js';
import { count, totalsOf } from '../logic/stats.js';
import { absolute } from '../logic/times.js';

type Bucket = components['schemas']['StatsBucket'];

const WIDTH = 960;
const HEIGHT = 64;
const GAP = 3;

/** Deliveries by the hour, as bars and as a table. */
export function Bars({ name, buckets }: { name: string; buckets: readonly Bucket[] }) {
  const { delivered, failed } = totalsOf(buckets);
  const most = Math.max(1, ...buckets.map((bucket) => bucket.delivered + bucket.failed));
  const step = WIDTH / Math.max(1, buckets.length);
  const tall = (number: number) => (number / most) * HEIGHT;
  return (
    <div className="bars">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`${name}: ${count(delivered)} delivered, ${count(failed)} failed`}
      >
        <line x1="0" x2={WIDTH} y1={HEIGHT - 0.5} y2={HEIGHT - 0.5} className="bar-base" />
        {buckets.map((bucket, index) => (
          <g key={bucket.start}>
            <title>{`${absolute(Date.parse(bucket.start))}: ${bucket.delivered} delivered, ${bucket.failed} failed`}</title>
            <rect
              className="bar-good"
              x={index * step + GAP / 2}
              width={step - GAP}
              y={HEIGHT - tall(bucket.delivered)}
              height={tall(bucket.delivered)}
            />
            <rect
              className="bar-bad"
              x={index * step + GAP / 2}
              width={step - GAP}
              y={HEIGHT - tall(bucket.delivered + bucket.failed)}
              height={tall(bucket.failed)}
            />
          </g>
        ))}
      </svg>
      <details>
        <summary>Show as table</summary>
        <table aria-label={name}>
          <thead>
            <tr>
              <th scope="col">Hour</th>
              <th scope="col">Delivered</th>
              <th scope="col">Failed</th>
            </tr>
          </thead>
          <tbody>
            {buckets.map((bucket) => (
              <tr key={bucket.start}>
                <td>{absolute(Date.parse(bucket.start))}</td>
                <td>{count(bucket.delivered)}</td>
                <td>{count(bucket.failed)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </div>
  );
}
