-- Up Migration

-- Which version of an application and its endpoints is in force: whoever remembers them has an opening confirm it. Not
-- a number, so that no version comes again after a restore. A table of its own, so that its row can be locked last,
-- after those of the application and of endpoints.
create table app_routes (
  app_id uuid primary key references apps on delete cascade,
  version uuid not null default gen_random_uuid()
);
insert into app_routes (app_id) select id from apps;

create function add_app_routes() returns trigger language plpgsql as $$
begin
  insert into app_routes (app_id) values (new.id);
  return null;
end $$;

create trigger app_added after insert on apps for each row execute function add_app_routes();

create function renew_app_routes() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'apps' then
    update app_routes set version = gen_random_uuid() where app_id = new.id;
  else
    update app_routes set version = gen_random_uuid() where app_id in (old.app_id, new.app_id);
  end if;
  return null;
end $$;

-- By the database, so that no statement forgets it; at the commit, so that nobody waits for the row meanwhile.
create constraint trigger app_changed after update on apps deferrable initially deferred for each row
  when ((old.name, old.profile, old.settings) is distinct from (new.name, new.profile, new.settings))
  execute function renew_app_routes();

create constraint trigger endpoint_added_or_removed after insert or delete on endpoints
  deferrable initially deferred for each row execute function renew_app_routes();

-- What events are matched by and sent with. Not the count of failures and its like, which deliveries move.
create constraint trigger endpoint_changed after update on endpoints deferrable initially deferred for each row
  when ((old.app_id, old.url, old.event_types, old.retry_limit, old.schedule, old.enabled, old.tripped, old.paused_at,
      old.rate_limit, old.max_in_flight, old.secret, old.headers, old.previous_secrets)
    is distinct from (new.app_id, new.url, new.event_types, new.retry_limit, new.schedule, new.enabled, new.tripped,
      new.paused_at, new.rate_limit, new.max_in_flight, new.secret, new.headers, new.previous_secrets))
  execute function renew_app_routes();

-- Down Migration

drop trigger endpoint_changed on endpoints;
drop trigger endpoint_added_or_removed on endpoints;
drop trigger app_changed on apps;
drop trigger app_added on apps;
drop function renew_app_routes();
drop function add_app_routes();
drop table app_routes;
