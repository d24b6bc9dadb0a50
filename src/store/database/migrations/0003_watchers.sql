-- Up Migration

-- Applications whose changes somebody streams, until when: what is written of the others is told to nobody.
create table watchers (
  app_id uuid primary key references apps on delete cascade,
  until timestamptz(3) not null
);

-- Down Migration

drop table watchers;
