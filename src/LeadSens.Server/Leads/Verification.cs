namespace LeadSens.Server.Leads;

/// <summary>What Instantly's verification status (1 ok, 11 and 12 pending, -1 invalid, -2 risky, -3 catch-all, -4 job change) means for
/// sending. Only a clear yes is Verified; an answer that is missing is a question for a person, not a yes.</summary>
internal static class Verification
{
    private const string Status = """
        case when l.email_key is null or l.source_verification = -1 then 'NotVerified' when l.source_verification = 1 then 'Verified' else 'NeedsReview' end
        """;

    private const string Reason = """
        case
            when l.email_key is null then 'There is no e-mail address.'
            when l.source_verification = 1 then null
            when l.source_verification = -1 then 'The address does not exist.'
            when l.source_verification = -2 then 'Sending to the address is risky.'
            when l.source_verification = -3 then 'The domain accepts every address, so this one cannot be checked.'
            when l.source_verification = -4 then 'The person has changed jobs.'
            when l.source_verification in (11, 12) then 'The verification has not ended.'
            else 'The address was never verified.'
        end
        """;

    public const string CountSql = $"""
        select count(*) filter (where status = 'Verified'), count(*) filter (where status = 'NotVerified'), count(*) filter (where status = 'NeedsReview')
        from (select {Status} as status from leads l where workspace_id = $1 and campaign_id = $2 and l.status = 'Qualified') judged
        """;

    public const string WriteSql = $"""
        update leads l set verification_status = {Status}, exclusion_reason = {Reason}, verification_source = 'instantly',
            verified_at = case when l.email_key is not null and l.source_verification = 1 then now() end, updated_at = now()
        where workspace_id = $1 and campaign_id = $2 and l.status = 'Qualified'
        """;
}
