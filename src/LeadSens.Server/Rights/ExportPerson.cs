using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Suppressions;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LeadSens.Server.Rights;

/// <summary>Everything that a workspace holds about one person, as JSON, each part with where it comes from.</summary>
internal static class ExportPerson
{
    /// <summary>The rows as they are, so that nothing is forgotten when a column is added; what only the service itself works with is left out.</summary>
    private const string Sql = $"""
        with {PersonRows.OfLeadOrAddresses},
        addresses as (
            select address, address_hash(address, $4, $5) as hash from contact_emails where workspace_id = $1 and contact_id in (select contact_id from person)
            union select address, address_hash(address, $4, $5) from unnest($3::text[]) address)
        select jsonb_build_object(
            'leads', (select coalesce(jsonb_agg(to_jsonb(l) order by l.id), '[]') from leads l
                where l.workspace_id = $1 and l.erased_at is null and l.id in (select id from mine)),
            'contacts', (select coalesce(jsonb_agg(to_jsonb(c)), '[]') from contacts c where c.workspace_id = $1 and c.id in (select contact_id from person)),
            'addresses', (select coalesce(jsonb_agg(to_jsonb(m)), '[]') from contact_emails m
                where m.workspace_id = $1 and m.contact_id in (select contact_id from person)),
            'phones', (select coalesce(jsonb_agg(to_jsonb(m)), '[]') from contact_phones m
                where m.workspace_id = $1 and m.contact_id in (select contact_id from person)),
            'ids', (select coalesce(jsonb_agg(to_jsonb(i)), '[]') from contact_identities i
                where i.workspace_id = $1 and i.contact_id in (select contact_id from person)),
            'records', (select coalesce(jsonb_agg(to_jsonb(r) - 'what' order by r.said_at), '[]') from source_records r
                join contact_identities i on i.workspace_id = $1 and i.provider = r.provider and i.provider_id = r.provider_id
                where r.workspace_id = $1 and i.contact_id in (select contact_id from person)),
            'enrichments', (select coalesce(jsonb_agg(to_jsonb(e)), '[]') from contact_enrichments e
                where e.workspace_id = $1 and e.contact_id in (select contact_id from person)),
            'drafts', (select coalesce(jsonb_agg(to_jsonb(d) order by d.lead_id, d.step), '[]') from drafts d where d.lead_id in (select id from mine)),
            'styleSamples', (select coalesce(jsonb_agg(to_jsonb(s)), '[]') from style_samples s where s.workspace_id = $1 and s.lead_id in (select id from mine)),
            'approvals', (select coalesce(jsonb_agg(jsonb_build_object('approval_id', al.approval_id, 'lead_id', al.lead_id, 'decision', al.decision, 'comment', al.comment,
                'content_hash', encode(al.content_hash, 'hex'), 'status', a.status, 'decided_at', a.decided_at)), '[]')
                from approval_leads al join approvals a on a.id = al.approval_id where al.lead_id in (select id from mine)),
            'pushes', (select coalesce(jsonb_agg(to_jsonb(i) - array['fence', 'request']), '[]') from intents i where i.workspace_id = $1 and i.lead_id in (select id from mine)),
            'receipts', (select coalesce(jsonb_agg(to_jsonb(r)), '[]') from receipts r where r.workspace_id = $1 and r.lead_id in (select id from mine)),
            'modelCalls', (select coalesce(jsonb_agg(to_jsonb(v)), '[]') from ai_events v where v.workspace_id = $1 and v.lead_id in (select id from mine)),
            'jobs', (select coalesce(jsonb_agg(jsonb_build_object('kind', j.kind, 'state', j.state, 'attempts', j.attempts, 'failure', j.failure, 'ended_at', j.ended_at)), '[]')
                from jobs j where j.workspace_id = $1 and j.lead_id in (select id from mine) and j.batch_id in (
                    select b.id from batches b where b.campaign_id in (select l.campaign_id from leads l where l.workspace_id = $1 and l.id in (select id from mine)))),
            'providerEvents', (select coalesce(jsonb_agg(jsonb_build_object('provider', w.provider, 'type', w.event_type, 'occurred_at', w.occurred_at, 'received_at', w.received_at)), '[]')
                from webhook_events w where w.workspace_id = $1 and (w.lead_id in (select id from mine) or w.address_hash in (select hash from addresses))),
            'suppressions', (select coalesce(jsonb_agg(to_jsonb(s) - 'hash'), '[]') from suppressions s
                where s.workspace_id = $1 and s.kind = 'address' and (s.value in (select address from addresses) or s.hash in (select hash from addresses))))::text
        """;

    /// <param name="Email">An address.</param>
    public sealed record Request([property: Required] string? Email);

    /// <summary>The person of a lead, in whatever campaigns it is.</summary>
    public static async Task<Results<ContentHttpResult, ProblemHttpResult>> OfLeadAsync(
        Guid id, WorkspaceContext caller, HttpResponse response, Database database, SuppressionKeys salts, CancellationToken cancellationToken)
    {
        var found = await database.Sql("select email_key from leads where workspace_id = $1 and id = $2 and erased_at is null", caller.WorkspaceId, id)
            .FirstAsync(row => (Found: true, Key: row.Text(0)), cancellationToken);
        return found.Found ? await AnswerAsync(id, found.Key, caller, response, database, salts, cancellationToken) : Problems.NotFound("lead_not_found");
    }

    /// <summary>By the address; the answer for somebody unknown has empty lists.</summary>
    public static async Task<Results<ContentHttpResult, ProblemHttpResult>> OfAddressAsync(
        Request request, WorkspaceContext caller, HttpResponse response, Database database, SuppressionKeys salts, CancellationToken cancellationToken) =>
        RightsApi.AddressOf(request.Email) is { } key ? await AnswerAsync(null, key, caller, response, database, salts, cancellationToken) : RightsApi.NoAddress();

    private static async Task<ContentHttpResult> AnswerAsync(
        Guid? id, string? key, WorkspaceContext caller, HttpResponse response, Database database, SuppressionKeys salts, CancellationToken cancellationToken)
    {
        var salt = await salts.OfAsync(caller.WorkspaceId, cancellationToken);
        string[] keys = key is null ? [] : [key];
        var held = JsonNode.Parse((await database.Sql(Sql, caller.WorkspaceId, id, keys, salt.Inner, salt.Outer)
            .FirstAsync(row => row.GetString(0), cancellationToken))!)!.AsObject();
        held.Insert(0, "sources", new JsonObject
        {
            ["leads"] = "Bought from the provider named in 'source'; score and reasons by the language model named in 'modelCalls'; verification by 'verification_source'.",
            ["contacts"] = "The values that stand of what 'records' say; the source with the higher rank counts, then the later word.",
            ["records"] = "What the source named in 'provider' said, as it said it.",
            ["enrichments"] = "Summed up by the language model from the company's website.",
            ["drafts"] = "Written by the language model from the above; 'original_…' before a reviewer's edit.",
            ["providerEvents"] = "Told by the provider after sending.",
        });
        response.Headers.ContentDisposition = "attachment; filename=\"person.json\"";
        return TypedResults.Content(held.ToJsonString(), "application/json; charset=utf-8");
    }
}
