-- Up Migration

-- Whether the attempt that was begun last may have been sent before. It is written before that is sent again, so that
-- the attempt is marked whoever writes what came of it, and also when nobody does.
alter table deliveries add column possibly_repeated boolean not null default false;

-- Down Migration

alter table deliveries drop column possibly_repeated;
