import { useState } from 'react';
import { useLocation } from 'wouter';
import { PosthornProblem } from '../../../client/index.js';
import { Search } from 'lucide-react';
import { notifyError } from '../../notify.js';
import { eventQuery } from '../../queries.js';
import { queryClient } from '../../query-client.js';
import { routes } from '../../routes.js';

/** Goes to the event of an id. What is no id filters by event type. */
export function EventSearch({
  app,
  type,
  onType,
}: {
  app: string;
  type: string | undefined;
  onType: (type: string | undefined) => void;
}) {
  const [text, setText] = useState(type ?? '');
  const [seen, setSeen] = useState(type);
  if (type !== seen) {
    setSeen(type);
    setText(type ?? '');
  }
  const [, navigate] = useLocation();

  const search = async () => {
    const wanted = text.trim();
    if (wanted === '') return onType(undefined);
    try {
      await queryClient.fetchQuery(eventQuery(app, wanted));
      navigate(routes.event(app, wanted));
    } catch (error) {
      if (error instanceof PosthornProblem && error.status === 404) onType(wanted);
      else notifyError(error);
    }
  };
  return (
    <label className="search">
      <Search aria-hidden size={15} />
      <input
        type="search"
        aria-label="Event id or type"
        placeholder="Event id or type"
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          // The cross of the field empties it without Enter.
          if (target.value === '') onType(undefined);
        }}
        onKeyDown={({ key }) => {
          if (key === 'Enter') void search();
        }}
      />
    </label>
  );
}
