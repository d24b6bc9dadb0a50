/** The flags that `define` gives every command that calls the API, as commander reads them. */
export interface ClientFlags {
  readonly url?: string;
  readonly key?: string;
  readonly app?: string;
  readonly context?: string;
  readonly output: OutputForm;
  readonly json?: true;
  readonly time: 'relative' | 'iso';
  readonly color: boolean;
  readonly quiet?: true;
  readonly timeout: string;
}

export type OutputForm = 'table' | 'json' | 'jsonl';
