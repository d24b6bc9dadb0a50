/** What routes answer that the client's types do not have yet: see `call.ts`. */

export interface DashboardLink {
  readonly url: string | null;
  readonly expires_at: string;
}
