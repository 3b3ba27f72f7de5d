using LeadSens.Server.Ai;
using LeadSens.Server.Connections.Providers.Instantly;
using LeadSens.Server.Connections.Providers.Mistral;
using Microsoft.Extensions.AI;
using Kind = LeadSens.Server.Calls.ProviderFailureKind;

namespace LeadSens.Server.Tests.Connections;

/// <summary>Every fault that the Sandbox can be told to make, at every vendor.</summary>
public sealed class SandboxFaultTests : SandboxTest
{
    private static readonly string[] Vendors = ["instantly", "hubspot", "jina", "mistral"];

    public static TheoryData<string, int, int?, string> Statuses
    {
        get
        {
            var data = new TheoryData<string, int, int?, string>();
            foreach (var vendor in Vendors)
            {
                data.Add(vendor, 400, null, nameof(Kind.Invalid));
                data.Add(vendor, 401, null, nameof(Kind.Unauthorized));
                data.Add(vendor, 402, null, nameof(Kind.QuotaExhausted));
                data.Add(vendor, 403, null, nameof(Kind.Unauthorized));
                data.Add(vendor, 429, null, nameof(Kind.RateLimited));
                data.Add(vendor, 429, 7, nameof(Kind.RateLimited));
                data.Add(vendor, 500, null, nameof(Kind.Unavailable));
                data.Add(vendor, 503, 3, nameof(Kind.Unavailable));
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Statuses))]
    public async Task A_vendors_error_has_its_kind(string vendor, int status, int? retryAfter, string kind)
    {
        await Sandbox.FaultsAsync(new { vendor, mode = "status", status, retryAfter });
        var failure = (await CallAsync(vendor)).ShouldNotBeNull();
        failure.Kind.ToString().ShouldBe(kind);
        failure.Status.ShouldBe(status);
        if (retryAfter is { } seconds) failure.RetryAfter.ShouldBe(TimeSpan.FromSeconds(seconds));
    }

    public static TheoryData<string, string> Spoils
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var vendor in Vendors)
                foreach (var spoil in new[] { "json", "html", "empty" }) data.Add(vendor, spoil);
            return data;
        }
    }

    [Theory, MemberData(nameof(Spoils))]
    public async Task A_spoiled_answer_is_unavailable(string vendor, string variant)
    {
        await Sandbox.FaultsAsync(new { vendor, mode = "malformed", variant });
        (await CallAsync(vendor)).ShouldNotBeNull().Kind.ShouldBe(Kind.Unavailable);
    }

    [Theory]
    [InlineData("instantly"), InlineData("hubspot"), InlineData("jina"), InlineData("mistral")]
    public async Task An_error_inside_a_200_is_a_failure(string vendor)
    {
        await Sandbox.FaultsAsync(new { vendor, mode = "malformed", variant = "errorInside" });
        var failure = (await CallAsync(vendor)).ShouldNotBeNull();
        failure.Kind.ShouldNotBe(Kind.UnknownOutcome);
    }

    [Theory]
    [InlineData("instantly"), InlineData("hubspot"), InlineData("jina"), InlineData("mistral")]
    public async Task A_reset_is_unavailable(string vendor)
    {
        await Sandbox.FaultsAsync(new { vendor, mode = "reset" });
        (await CallAsync(vendor)).ShouldNotBeNull().Kind.ShouldBe(Kind.Unavailable);
    }

    [Theory]
    [InlineData("instantly"), InlineData("hubspot"), InlineData("jina"), InlineData("mistral")]
    public async Task Silence_times_out(string vendor)
    {
        await Sandbox.FaultsAsync(new { vendor, mode = "timeout" });
        (await CallAsync(vendor, timeout: 0.3)).ShouldNotBeNull().Kind.ShouldBe(Kind.TimedOut);
    }

    [Theory]
    [InlineData("acceptThenDrop"), InlineData("acceptLate"), InlineData("reset"), InlineData("timeout")]
    public async Task A_write_without_its_answer_is_unknown(string mode)
    {
        await Sandbox.FaultsAsync(new { vendor = "instantly", mode });
        using var instantly = TestClients.Instantly(0.5);
        var created = await instantly.CreateCampaignAsync(Account("instantly"), new("Intent 1", [new("{{subject_1}}", "{{body_1}}", 2)]), default);
        created.Failure.ShouldNotBeNull().Kind.ShouldBe(Kind.UnknownOutcome);
    }

    private async Task<ProviderFailure?> CallAsync(string vendor, double timeout = 30)
    {
        var account = Account(vendor);
        switch (vendor)
        {
            case "instantly":
                using (var client = TestClients.Instantly(timeout)) return (await client.CountLeadsAsync(account, new SearchFilters(), default)).Failure;
            case "hubspot":
                using (var client = TestClients.HubSpot(timeout)) return (await client.BatchReadContactsAsync(account, ["a@b.example"], default)).Failure;
            case "jina":
                using (var client = TestClients.Jina(timeout)) return (await client.ReadAsync(account, "acme.example", default)).Failure;
            default:
                using (var http = TestClients.Mistral(timeout))
                {
                    using var client = new MistralChatClient(http, account);
                    var failed = await Should.ThrowAsync<ProviderFailureException>(() => client.GetResponseAsync("hello"));
                    return failed.Failure;
                }
        }
    }
}
