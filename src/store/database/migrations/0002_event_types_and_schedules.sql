-- Up Migration

create table event_types (
  app_id uuid not null references apps on delete cascade,
  name text not null,
  description text,
  -- json, not jsonb: a schema comes back as it was brought
  schema json,
  created_at timestamptz(3) not null,
  primary key (app_id, name)
);

-- a profile's id, or a list of delays in seconds; null: the application's, or the profile's
alter table endpoints add column schedule jsonb;

-- Down Migration

alter table endpoints drop column schedule;
drop table event_types;
