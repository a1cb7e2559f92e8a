-- One row per seller and day (UTC) whose own report of costs was pulled: the day on which it was asked for last.
select s.seller, a.day, cast(max(a.asked_at) as date)
from sum_asked a
join (
    values ('openai_billing', 'costs', 'openai'), ('anthropic_billing', 'costs', 'anthropic'),
        ('openrouter_daily', '', 'openrouter')
) s (source, report, seller) on s.source = a.source and s.report = a.report
where ($since is null or a.day >= $since) and ($until is null or a.day <= $until)
group by s.seller, a.day
order by s.seller, a.day;
