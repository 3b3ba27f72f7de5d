using System.Text.Json;
using LeadSens.Sandbox.Data;
using LeadSens.Sandbox.Http;
using LeadSens.Sandbox.State;

namespace LeadSens.Sandbox.Instantly;

/// <summary>Adding leads in bulk: 200 with counts of what was refused, whatever was refused.</summary>
internal sealed class AddLeads(Workspace workspace, JsonElement request, bool ignoreSkipFlags)
{
    private const int MostLeads = 1000;
    private int invalid;
    private int incomplete;
    private int repeated;
    private int duplicated;
    private int skipped;
    private int blocked;

    public Reply Answer()
    {
        var campaignId = request.Text("campaign_id");
        var listId = request.Text("list_id");
        if (campaignId is null == listId is null)
        {
            return InstantlyErrors.Invalid("Exactly one of campaign_id or list_id must be provided");
        }

        if (request.Member("leads") is not { ValueKind: JsonValueKind.Array } leads || leads.GetArrayLength() is < 1 or > MostLeads)
        {
            return InstantlyErrors.Invalid($"body/leads must have between 1 and {MostLeads} items");
        }

        return workspace.Add(membership => Decide(membership, campaignId, listId, leads));
    }

    private (IReadOnlyList<LeadCreated> Leads, Reply Answer) Decide(Membership membership, string? campaignId, string? listId, JsonElement leads)
    {
        var campaign = campaignId is null ? null : membership.Campaigns.GetValueOrDefault(campaignId);
        var list = listId is null ? null : membership.Lists.GetValueOrDefault(listId);
        if (campaign is null && list is null)
        {
            return ([], InstantlyErrors.Of(404, campaignId is null ? "List not found" : "Campaign not found"));
        }

        var created = new List<(int Index, LeadCreated Lead)>();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var index = -1;
        foreach (var lead in leads.EnumerateArray())
        {
            index++;
            if (Accept(membership, campaign, lead, seen) is { } email)
            {
                created.Add((index, Created(campaign, list, email, created.Count, lead)));
            }
        }

        return ([.. created.Select(item => item.Lead)], Counts(leads.GetArrayLength(), created));
    }

    /// <returns>The address; null when the lead is refused, and counted as such.</returns>
    private string? Accept(Membership membership, Campaign? campaign, JsonElement lead, HashSet<string> seen)
    {
        if (lead.Text("email")?.Trim() is not { Length: > 0 } email)
        {
            incomplete++;
        }
        else if (!IsAddress(email))
        {
            invalid++;
        }
        else if (email.EndsWith("@blocked.example", StringComparison.OrdinalIgnoreCase))
        {
            blocked++;
        }
        else if (!seen.Add(email) && !ignoreSkipFlags)
        {
            repeated++;
        }
        else if (!ignoreSkipFlags && request.Flag("skip_if_in_campaign") && campaign?.Has(email) == true)
        {
            duplicated++;
            skipped++;
        }
        else if (!ignoreSkipFlags
            && (request.Flag("skip_if_in_workspace") && membership.EmailsInCampaigns.Contains(email)
                || request.Flag("skip_if_in_list") && membership.EmailsInLists.Contains(email)))
        {
            skipped++;
        }
        else
        {
            return email;
        }

        return null;
    }

    private LeadCreated Created(Campaign? campaign, LeadList? list, string email, int offset, JsonElement lead)
    {
        var target = campaign?.Id ?? list!.Id;
        var number = (campaign?.Leads.Count ?? list!.Added.Count) + offset;
        var id = Workspace.Id(Dice.Of(number, target).With(email));
        return new LeadCreated(id, target, campaign is not null, email, lead.GetRawText()) { At = workspace.Now };
    }

    private static bool IsAddress(string email)
    {
        var at = email.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && email.IndexOf('.', at) > at + 1 && !email.EndsWith('.') && !email.Contains(' ', StringComparison.Ordinal) && email.LastIndexOf('@') == at;
    }

    private Reply Counts(int total, List<(int Index, LeadCreated Lead)> created) => Reply.Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteString("status", "success");
        json.WriteNumber("total_sent", total);
        json.WriteNumber("leads_uploaded", created.Count);
        json.WriteNumber("in_blocklist", blocked);
        json.WriteNumber("duplicated_leads", duplicated);
        json.WriteNumber("skipped_count", skipped);
        json.WriteNumber("invalid_email_count", invalid);
        json.WriteNumber("incomplete_count", incomplete);
        json.WriteNumber("duplicate_email_count", repeated);
        json.WriteNumber("remaining_in_plan", 1_000_000);
        json.WriteStartArray("created_leads");
        foreach (var (index, lead) in created)
        {
            json.WriteStartObject();
            json.WriteNumber("index", index);
            json.WriteString("id", lead.Id);
            json.WriteString("email", lead.Email);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    });
}
