import { Search } from 'lucide-react';
import { lazy, Suspense, useEffect, useState } from 'react';

const Palette = lazy(() => import('./palette.js'));

const IS_MAC = navigator.platform.startsWith('Mac');

/** Opens the command palette, as Ctrl+K and ⌘K do. */
export function PaletteButton({ app }: { app: string | null }) {
  const [isOpen, setIsOpen] = useState(false);
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setIsOpen(true);
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  }, []);
  return (
    <>
      <button
        type="button"
        className="quiet palette-button"
        aria-label="Open command palette"
        title="Open command palette"
        aria-keyshortcuts="Control+K Meta+K"
        data-keys={IS_MAC ? '⌘ K' : 'Ctrl K'}
        onClick={() => setIsOpen(true)}
      >
        <Search aria-hidden size={15} />
      </button>
      {isOpen && (
        <Suspense>
          <Palette app={app} onClose={() => setIsOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
