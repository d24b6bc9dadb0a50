import { useQuery } from '@tanstack/react-query';
import { Command } from 'cmdk';
import { useDeferredValue, useLayoutEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { pageOf } from '../../logic/search-pages.js';
import { searchQuery } from '../../queries.js';
import { useSession } from '../../session.js';
import { goals } from './goals.js';

const KINDS = {
  event: 'Event',
  delivery: 'Delivery',
  webhook: 'Endpoint',
  event_type: 'Event type',
  job: 'Recovery',
} as const;

/** Goes to a page, or to a thing by its id or the beginning of its name. */
export default function Palette({ app, onClose }: { app: string | null; onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState('');
  const [, navigate] = useLocation();
  const wanted = useDeferredValue(text.trim());
  const { data: results = [] } = useQuery(searchQuery(app, wanted));
  const pages = goals(app, useSession()).filter(({ name }) =>
    name.toLowerCase().includes(wanted.toLowerCase()),
  );

  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    // What is loaded later than the dialog opens gets no focus by itself.
    input.current?.focus();
    return () => element?.close();
  }, []);
  const go = (to: string) => {
    onClose();
    navigate(to);
  };

  return (
    <dialog ref={dialog} className="palette" aria-label="Command palette" onCancel={onClose}>
      <Command label="Search" shouldFilter={false}>
        <Command.Input
          ref={input}
          value={text}
          onValueChange={setText}
          placeholder={app === null ? 'Go to…' : 'Go to a page, or find an id, URL or event type…'}
        />
        <Command.List>
          <Command.Empty>Nothing has that in its name or id.</Command.Empty>
          {pages.map(({ name, to }) => (
            <Command.Item key={to} value={name} onSelect={() => go(to)}>
              Go to {name}
            </Command.Item>
          ))}
          {app !== null &&
            results.map((result) => (
              <Command.Item key={result.path} value={result.path} onSelect={() => go(pageOf(app, result))}>
                <span className="tag">{KINDS[result.kind]}</span> {result.title}
                {result.id !== result.title && <span className="muted"> {result.id}</span>}
              </Command.Item>
            ))}
        </Command.List>
      </Command>
    </dialog>
  );
}
