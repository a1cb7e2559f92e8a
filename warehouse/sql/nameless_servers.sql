-- One row where some counter was read of a server that has no name.
select 1
from reread r
left join route on route.base_url = coalesce(r.base_url, cast(getvariable('load_base_url') as varchar), '')
where r.counter is not null and coalesce(route.clean_url, '') = ''
limit 1;
