/** What routes answer that the client's types do not have yet: see `call.ts`. */

export interface Explanation {
  readonly code: string;
  readonly text: string;
  readonly since: string | null;
  readonly until: string | null;
  readonly next: { readonly at: string; readonly number: number; readonly of: number } | null;
  readonly remedies: readonly Remedy[];
}

export interface Remedy {
  readonly action: string;
  readonly text: string;
  readonly method?: string;
  readonly path?: string;
}

/** A delivery that may come from a Posthorn that explains nothing yet. */
export interface Explained {
  readonly explanation?: Explanation;
}

export interface Match {
  readonly webhook_id: string;
  readonly url: string;
  readonly matched: boolean;
  readonly why: string | null;
  readonly nearest_pattern: string | null;
}

export interface Matches {
  readonly matches: readonly Match[];
  readonly next_cursor?: string | null;
}

export interface DeliveryRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly curl: string;
}

export interface EndpointCheck {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly name: string;
    readonly ok: boolean;
    readonly text: string;
    readonly duration_ms: number | null;
  }[];
}

export interface RecoveryPreview {
  readonly total: number;
  readonly by_event_type: Readonly<Record<string, number>>;
  readonly oldest: string | null;
  readonly newest: string | null;
  readonly skipped_open: number;
  readonly seconds_at_drain_rate: number;
}

export interface DashboardLink {
  readonly url: string | null;
  readonly expires_at: string;
}
