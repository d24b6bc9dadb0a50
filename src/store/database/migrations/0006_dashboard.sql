-- Up Migration

-- Links that sign a person in to the dashboard, once. Like a key, a token has 256 random bits and is stored as its hash.
create table dashboard_links (
  token_hash bytea primary key,
  -- null: it signs in as the administrator
  app_id uuid references apps on delete cascade,
  scopes text[] not null,
  -- HMAC of the administration key by the token: a link ends with the key by which it was made
  admin_proof bytea not null,
  expires_at timestamptz(3) not null
);
create index dashboard_links_by_end on dashboard_links (expires_at);

-- Who is signed in to the dashboard.
create table dashboard_sessions (
  id uuid primary key,
  token_hash bytea not null unique,
  kind text not null check (kind in ('admin', 'key', 'link')),
  -- whose sessions are bounded together: the administrator's, those of a key, those of the links to an application
  owner text not null,
  -- of a link's session: the application that it is for, and what it may do
  app_id uuid references apps on delete cascade,
  scopes text[],
  -- of a key's session: it ends with the key
  key_id uuid references api_keys on delete cascade,
  -- of the others: HMAC of the administration key by the token
  admin_proof bytea,
  created_at timestamptz(3) not null,
  expires_at timestamptz(3) not null
);
create index dashboard_sessions_by_owner on dashboard_sessions (owner, created_at desc);
create index dashboard_sessions_by_app on dashboard_sessions (app_id) where app_id is not null;
create index dashboard_sessions_by_key on dashboard_sessions (key_id) where key_id is not null;
create index dashboard_sessions_by_end on dashboard_sessions (expires_at);

-- Down Migration

drop table dashboard_sessions;
drop table dashboard_links;
