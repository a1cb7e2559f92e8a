-- One row per base URL of the readings.
select base_url from stage where plain and base_url is not null
union
select base_url from reread where base_url is not null;
