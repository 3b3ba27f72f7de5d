using System.Text.Json;
using LeadSens.Server.Campaigns;
using LeadSens.Server.Connections;
using LeadSens.Server.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Tests.Providers.Lodestar;

/// <summary>A vendor that there is not, with accounts by key: all that it takes to add one.</summary>
internal static class AddLodestarExtensions
{
    public static IServiceCollection AddLodestar(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddProvider<LodestarOptions>("Lodestar", configuration).With<AccountCheck, LodestarCheck>().With<CampaignUse, LodestarInCampaigns>();
        return services;
    }
}

internal sealed class LodestarOptions : ProviderOptions
{
    public string? ApiKey { get; set; }

    public override string Provider => "lodestar";
    public override string Section => "Lodestar";
    public override string SecretName => nameof(ApiKey);
    public override string? Secret => ApiKey;
    public override string DefaultBaseUrl => "https://api.lodestar.example";
    public override AccountLimits PublishedLimits => new() { RequestsPerSecond = 7, Burst = 3 };
}

internal sealed class LodestarCheck(IOptions<LodestarOptions> options, TimeProvider clock, Limits limits) : AccountCheck, IDisposable
{
    private readonly ProviderHttp http = new(new LodestarFailures(clock), options.Value.Timeout, clock, limits);

    public override async Task<ProviderResult<CheckedAccount>> CheckAsync(ProviderAccount account, CancellationToken cancellationToken)
    {
        var team = await http.SendAsync(new(HttpMethod.Get, account, "/team", CallEffect.Read), Name, cancellationToken);
        return team.Succeeded ? new CheckedAccount(team.Value, $"Team {team.Value}", [], []) : team.Failure;
    }

    public void Dispose() => http.Dispose();

    private static string Name(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        using var json = JsonDocument.ParseValue(ref reader);
        return json.RootElement.Text("team") ?? throw new JsonException("no team");
    }
}

internal sealed class LodestarFailures(TimeProvider clock) : FailureReader("lodestar", clock)
{
    protected override ProviderError ReadError(JsonElement body) => new(null, null, body.Text("message"));
}

internal sealed class LodestarInCampaigns : CampaignUse
{
    public override bool IsTarget => true;

    public override long CallsOf(CampaignSize size) => size.Targets.Contains("lodestar") ? CampaignSize.Parts(size.Qualified, 10) : 0;
}
