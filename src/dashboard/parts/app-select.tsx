import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import { appsQuery } from '../queries.js';
import { routes, sameOf } from '../routes.js';

/** Goes to the same page of another application. */
export function AppSelect({ current }: { current: string | null }) {
  const [location, navigate] = useLocation();
  const { data: apps = [] } = useQuery(appsQuery());
  return (
    <select
      className="app-select"
      aria-label="Application"
      value={current ?? ''}
      onChange={({ target }) =>
        navigate(target.value === '' ? routes.apps() : sameOf(location, target.value))
      }
    >
      <option value="">All applications</option>
      {apps.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
      {current !== null && !apps.some(({ id }) => id === current) && <option value={current}>…</option>}
    </select>
  );
}
