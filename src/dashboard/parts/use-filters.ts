import { useSearchParams } from 'wouter';
import { filtersOf } from '../logic/filters.js';

/** The filters of the page's address, and how to set one. */
export function useFilters<Filter extends object>(names: readonly (keyof Filter & string)[]) {
  const [search, setSearch] = useSearchParams();
  const filters = filtersOf<Filter>(search, names);
  return {
    filters,
    isFiltered: Object.keys(filters).length > 0,
    set: (name: keyof Filter & string, value: string | undefined) =>
      setSearch((before) => {
        if (value === undefined) before.delete(name);
        else before.set(name, value);
        return before;
      }),
    clear: () => setSearch(new URLSearchParams()),
  };
}
