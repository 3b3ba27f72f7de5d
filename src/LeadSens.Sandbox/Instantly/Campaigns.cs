using System.Text.Json;
using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Instantly;

/// <summary>Campaigns: created as drafts, found by name, activated and paused.</summary>
internal sealed class Campaigns(Workspace workspace)
{
    // Names that everybody tries first and that the vendor's list of time zones does not hold.
    private static readonly string[] UnknownTimezones = ["Europe/Paris", "Europe/London", "America/New_York", "UTC", "Etc/UTC", "Europe/Berlin"];

    public Reply Create(Call call)
    {
        using var body = JsonReading.Object(call.Body);
        if (body is null)
        {
            return InstantlyErrors.Invalid("Body is not valid JSON");
        }

        return Mistake(body.RootElement) is { } mistake
            ? InstantlyErrors.Invalid(mistake)
            : Answer(workspace.CreateCampaign(body.RootElement.Text("name")!, body.RootElement.GetRawText()));
    }

    public Reply Get(Call call) => workspace.Campaign(call.Path.Split('/')[4], call.ReadLag) is { } campaign
        ? Answer(campaign)
        : InstantlyErrors.Of(404, "Campaign not found");

    public Reply Page(Call call)
    {
        if (Paging.FromQuery(call) is not { } paging)
        {
            return InstantlyErrors.Invalid("querystring/limit must be <= 100");
        }

        var search = call.QueryValue("search");
        var campaigns = workspace.Campaigns(call.ReadLag).Where(campaign => search is null || campaign.Name.Contains(search, StringComparison.OrdinalIgnoreCase));
        return paging.Answer([.. campaigns], campaign => campaign.Id, Write);
    }

    public Reply SetStatus(Call call, int status) => workspace.SetStatus(call.Path.Split('/')[4], status) is { } campaign
        ? Answer(campaign)
        : InstantlyErrors.Of(404, "Campaign not found");

    private static Reply Answer(Campaign campaign) => Reply.Json(200, json => Write(json, campaign));

    private static void Write(Utf8JsonWriter json, Campaign campaign)
    {
        using var body = JsonDocument.Parse(campaign.Body);
        json.WriteStartObject();
        json.WriteString("id", campaign.Id);
        json.WriteNumber("status", campaign.Status);
        json.WriteString("timestamp_created", campaign.At);
        json.WriteString("timestamp_updated", campaign.At);
        foreach (var member in body.RootElement.EnumerateObject().Where(member => member.Name is not ("id" or "status")))
        {
            member.WriteTo(json);
        }

        json.WriteEndObject();
    }

    private static string? Mistake(JsonElement body)
    {
        if (body.Text("name") is not { Length: > 0 })
        {
            return "body must have required property 'name'";
        }

        if (body.Member("campaign_schedule") is not { } schedule || !schedule.Items("schedules").Any())
        {
            return "body must have required property 'campaign_schedule'";
        }

        return schedule.Items("schedules").Select(ScheduleMistake).FirstOrDefault(mistake => mistake is not null)
            ?? body.Items("sequences").SelectMany(sequence => sequence.Items("steps")).Select(StepMistake).FirstOrDefault(mistake => mistake is not null);
    }

    private static string? ScheduleMistake(JsonElement schedule)
    {
        const string At = "body/campaign_schedule/schedules/0";
        if (schedule.Text("name") is null || schedule.Member("days") is not { ValueKind: JsonValueKind.Object })
        {
            return $"{At} must have required properties 'name' and 'days'";
        }

        if (schedule.Member("timing") is not { } timing || timing.Text("from") is null || timing.Text("to") is null)
        {
            return $"{At}/timing must have required properties 'from' and 'to'";
        }

        return schedule.Text("timezone") is not { } zone || !zone.Contains('/', StringComparison.Ordinal) || UnknownTimezones.Contains(zone)
            ? $"{At}/timezone must be equal to one of the allowed values"
            : null;
    }

    private static string? StepMistake(JsonElement step)
    {
        const string At = "body/sequences/0/steps";
        if (step.Text("type") != "email" || step.Number("delay") is not >= 0)
        {
            return $"{At} must have type 'email' and a delay";
        }

        return !step.Items("variants").Any() || step.Items("variants").Any(variant => variant.Text("subject") is null || variant.Text("body") is null)
            ? $"{At}/variants must have required properties 'subject' and 'body'"
            : null;
    }
}
