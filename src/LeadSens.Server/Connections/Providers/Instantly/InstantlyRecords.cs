using System.Text.Json;
using System.Text.Json.Serialization;

namespace LeadSens.Server.Connections.Providers.Instantly;

internal sealed record CountLeadsRequest(SearchFilters SearchFilters);

internal sealed record CountLeadsAnswer
{
    public required long NumberOfLeads { get; init; }
}

internal sealed record EnrichFromSearchRequest(
    SearchFilters SearchFilters, int Limit, string ListName, bool WorkEmailEnrichment = true, bool FullyEnrichedProfile = true,
    bool SkipRowsWithoutEmail = true);

/// <summary>The enrichment that a search started. It spends credits.</summary>
/// <param name="ResourceId">The list that it fills.</param>
internal sealed record InstantlyEnrichmentStarted(string? Id, [property: JsonRequired] string ResourceId, string? BackgroundJobId);

/// <summary>How far an enrichment is: list the leads once it is no longer in progress.</summary>
internal sealed record InstantlyEnrichment([property: JsonRequired] bool InProgress, bool? HasNoLeads, bool? Exists);

internal sealed record InstantlyWorkspace([property: JsonRequired] string Id, string? Name);

internal sealed record InstantlyList([property: JsonRequired] string Id, [property: JsonRequired] string Name, bool? HasEnrichmentTask);

/// <summary>A page. The last one may still name a next page: stop on an empty one.</summary>
internal sealed record InstantlyPage<T>(IReadOnlyList<T> Items, string? NextStartingAfter) where T : class
{
    [JsonRequired]
    public IReadOnlyList<T> Items { get; init; } = JsonRead.Whole(Items);

    public ProviderPage<TOther> AsPage<TOther>(Func<T, TOther> read) => new([.. Items.Select(read)], NextStartingAfter);
}

internal sealed record ListLeadsRequest(string? ListId, string? Campaign, string? Search, string? StartingAfter, int Limit);

internal sealed record InstantlyLead
{
    public required string Id { get; init; }
    public string? Email { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? CompanyName { get; init; }
    public string? CompanyDomain { get; init; }
    public string? JobTitle { get; init; }
    public string? Website { get; init; }
    public string? Phone { get; init; }
    public string? Campaign { get; init; }
    public string? ListId { get; init; }

    /// <summary>1 done, 11 pending, -1 none found, -2 error.</summary>
    public int? EnrichmentStatus { get; init; }

    /// <summary>1 good, 11 and 12 pending, -1 invalid, -2 risky, -3 catch-all, -4 job change.</summary>
    public int? VerificationStatus { get; init; }

    /// <summary>Every other field, by the name that the list gives it; undefined when there is none.</summary>
    public JsonElement Payload { get; init; }

    /// <summary>A text or number of <see cref="Payload"/> by the first of these names that has one.</summary>
    public string? Field(params ReadOnlySpan<string> names)
    {
        if (Payload.ValueKind != JsonValueKind.Object) return null;
        foreach (var name in names)
        {
            if (!Payload.TryGetProperty(name, out var value)) continue;
            var text = value.ValueKind switch
            {
                JsonValueKind.String => value.GetString(),
                JsonValueKind.Number => value.GetRawText(),
                _ => null,
            };
            if (!string.IsNullOrWhiteSpace(text)) return text;
        }

        return null;
    }
}

/// <summary>A lead to add, with its own texts as custom variables.</summary>
internal sealed record InstantlyNewLead(string Email)
{
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? CompanyName { get; init; }
    public string? JobTitle { get; init; }
    public string? Website { get; init; }
    public IReadOnlyDictionary<string, string>? CustomVariables { get; init; }
}

/// <summary>The skip flag is always set, so that a repeated call adds no second copy where Instantly honours it.</summary>
internal sealed record AddLeadsRequest(string CampaignId, IReadOnlyList<InstantlyNewLead> Leads, bool SkipIfInCampaign = true);

/// <summary>What became of a bulk. Its counts prove nothing: match <see cref="CreatedLeads"/> by e-mail and read back.</summary>
internal sealed record AddLeadsAnswer
{
    public string? Status { get; init; }
    public int TotalSent { get; init; }
    public int LeadsUploaded { get; init; }
    public int InBlocklist { get; init; }
    public int DuplicatedLeads { get; init; }
    public int SkippedCount { get; init; }
    public int InvalidEmailCount { get; init; }
    public int IncompleteCount { get; init; }
    public int DuplicateEmailCount { get; init; }
    public int? RemainingInPlan { get; init; }
    public required IReadOnlyList<InstantlyCreatedLead> CreatedLeads { get; init => field = JsonRead.Whole(value); }
}

internal sealed record InstantlyCreatedLead(int Index, [property: JsonRequired] string Id, string? Email);

/// <summary>A campaign to create. It comes out as a draft.</summary>
/// <param name="Steps">The texts, usually only variables of the leads: <c>{{subject_1}}</c>.</param>
internal sealed record InstantlyNewCampaign(string Name, IReadOnlyList<InstantlyStep> Steps)
{
    /// <summary>One of Instantly's 102 zones; most capitals are not among them.</summary>
    public string Timezone { get; init; } = "America/Chicago";

    /// <summary>The sending mailboxes.</summary>
    public IReadOnlyList<string> Senders { get; init; } = [];

    public int? DailyLimit { get; init; }
}

/// <param name="DaysToNext">The wait before the next step's mail.</param>
internal sealed record InstantlyStep(string Subject, string Body, int DaysToNext);

/// <param name="Status">0 draft, 1 active, 2 paused, 3 completed, 4 running subsequences, -1 accounts unhealthy, -2 bounce protection, -99 suspended.</param>
internal sealed record InstantlyCampaign([property: JsonRequired] string Id, string? Name, int? Status);

internal sealed record CreateCampaignRequest(
    string Name, CampaignSchedule CampaignSchedule, IReadOnlyList<CampaignSequence> Sequences, IReadOnlyList<string> EmailList,
    int? DailyLimit, bool StopOnReply = true, bool LinkTracking = false, bool OpenTracking = false)
{
    public static CreateCampaignRequest Of(InstantlyNewCampaign campaign) => new(
        campaign.Name,
        new([new("Working days", new("09:00", "17:00"), CampaignWindow.WorkingDays, campaign.Timezone)]),
        [new([.. campaign.Steps.Select(s => new SequenceStep("email", s.DaysToNext, "days", [new(s.Subject, s.Body)]))])],
        campaign.Senders,
        campaign.DailyLimit);
}

internal sealed record CampaignSchedule(IReadOnlyList<CampaignWindow> Schedules);

internal sealed record CampaignWindow(string Name, CampaignTiming Timing, IReadOnlyDictionary<string, bool> Days, string Timezone)
{
    /// <summary>0 is Sunday.</summary>
    public static readonly IReadOnlyDictionary<string, bool> WorkingDays =
        Enumerable.Range(0, 7).ToDictionary(day => day.ToString(), day => day is >= 1 and <= 5);
}

internal sealed record CampaignTiming(string From, string To);

internal sealed record CampaignSequence(IReadOnlyList<SequenceStep> Steps);

internal sealed record SequenceStep(string Type, int Delay, string DelayUnit, IReadOnlyList<StepVariant> Variants);

internal sealed record StepVariant(string Subject, string Body);

internal sealed record InstantlyErrorBody(int? StatusCode, string? Error, string? Message);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true, NumberHandling = JsonNumberHandling.AllowReadingFromString)]
[JsonSerializable(typeof(CountLeadsRequest))]
[JsonSerializable(typeof(CountLeadsAnswer))]
[JsonSerializable(typeof(InstantlyWorkspace))]
[JsonSerializable(typeof(EnrichFromSearchRequest))]
[JsonSerializable(typeof(InstantlyEnrichmentStarted))]
[JsonSerializable(typeof(InstantlyEnrichment))]
[JsonSerializable(typeof(ListLeadsRequest))]
[JsonSerializable(typeof(InstantlyPage<InstantlyList>))]
[JsonSerializable(typeof(InstantlyPage<InstantlyLead>))]
[JsonSerializable(typeof(InstantlyPage<InstantlyListedLead>))]
[JsonSerializable(typeof(InstantlyPage<InstantlyCampaign>))]
[JsonSerializable(typeof(AddLeadsRequest))]
[JsonSerializable(typeof(AddLeadsAnswer))]
[JsonSerializable(typeof(CreateCampaignRequest))]
[JsonSerializable(typeof(InstantlyCampaign))]
internal sealed partial class InstantlyJson : JsonSerializerContext;
