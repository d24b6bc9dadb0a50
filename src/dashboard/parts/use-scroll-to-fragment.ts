import { useEffect } from 'react';

/** Scrolls to what the address's fragment names, once it is there: the browser looked for it before. */
export function useScrollToFragment(isThere: boolean): void {
  useEffect(() => {
    if (!isThere || location.hash === '') return;
    document.getElementById(location.hash.slice(1))?.scrollIntoView({ block: 'start' });
  }, [isThere]);
}
