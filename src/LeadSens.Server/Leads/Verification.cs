using LeadSens.Server.Data;

namespace LeadSens.Server.Leads;

/// <summary>What a source's verification status (1 ok, 11 and 12 pending, -1 invalid, -2 risky, -3 catch-all, -4 job change) means for
/// sending. The newest clear answer on the address counts, whichever campaign it was given for; one that is too old, or missing, is a question
/// for a person, not a yes.</summary>
internal static class Verification
{
    private const string Status = "case when j.email_key is null or j.code = -1 then 'NotVerified' when j.code = 1 then 'Verified' else 'NeedsReview' end";

    private const string Reason = """
        case
            when j.email_key is null then 'There is no e-mail address.'
            when j.is_old then 'The verification is too old.'
            when j.code = 1 then null
            when j.code = -1 then 'The address does not exist.'
            when j.code = -2 then 'Sending to the address is risky.'
            when j.code = -3 then 'The domain accepts every address, so this one cannot be checked.'
            when j.code = -4 then 'The person has changed jobs.'
            when j.code in (11, 12) then 'The verification has not ended.'
            else 'The address was never verified.'
        end
        """;

    /// <summary>The campaign $2 of the workspace $1; answers older than $3 days are none. What nobody answered clearly is as the lead's source left it.</summary>
    private static readonly string Judged = $"""
        select q.id, q.email_key, a.answered_at < clock_now() - make_interval(days => $3) as is_old,
            case
                when a.answered_at is null then q.source_verification
                when a.answered_at >= clock_now() - make_interval(days => $3) then a.verification end as code,
            coalesce(a.verification_source, q.source) as source, a.answered_at
        from leads q
        left join (select workspace_id, address, verification, verification_source, verified_at as answered_at from contact_emails) a
            on a.workspace_id = q.workspace_id and a.address = q.email_key
        where q.campaign_id = $2 and {SqlText.Check("q.workspace_id = $1")} and q.status = 'Qualified'
        """;

    public static readonly string CountSql = $"""
        select count(*) filter (where status = 'Verified'), count(*) filter (where status = 'NotVerified'), count(*) filter (where status = 'NeedsReview')
        from (select {Status} as status from ({Judged}) j) judged
        """;

    public static readonly string WriteSql = $"""
        update leads l set verification_status = {Status}, exclusion_reason = {Reason}, verification_source = j.source,
            verified_at = case when j.email_key is not null and j.code = 1 then coalesce(j.answered_at, now()) end, updated_at = now()
        from ({Judged}) j
        where l.id = j.id and {SqlText.Check("l.workspace_id = $1")} and l.status = 'Qualified'
        """;
}
