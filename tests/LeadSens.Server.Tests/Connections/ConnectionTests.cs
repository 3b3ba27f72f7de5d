using LeadSens.Server.Connections;
using LeadSens.Server.Connections.Providers.HubSpot;
using LeadSens.Server.Connections.Providers.Instantly;
using LeadSens.Server.Connections.Providers.Jina;
using LeadSens.Server.Connections.Providers.Mistral;
using LeadSens.Server.Jobs;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Tests.Connections;

public sealed class ConnectionTests
{
    private const string SandboxUrl = "http://127.0.0.1:5090/";

    [Fact]
    public async Task A_provider_without_a_credential_is_the_Sandboxs()
    {
        var account = (await Source(SandboxUrl, new InstantlyOptions()).ForAsync(Guid.Empty, "instantly", default)).Value.ShouldNotBeNull();
        account.ShouldSatisfyAllConditions(
            () => account.AccountKey.ShouldBe("instantly:sandbox"),
            () => account.BaseUrl.ShouldBe("http://127.0.0.1:5090/instantly"),
            () => account.IsSandbox.ShouldBeTrue());
    }

    [Fact]
    public async Task A_credential_makes_a_real_account_whose_key_does_not_tell_it()
    {
        var account = (await Source(SandboxUrl, new MistralOptions { ApiKey = TestClients.Secret }).ForAsync(Guid.Empty, "mistral", default)).Value.ShouldNotBeNull();
        account.BaseUrl.ShouldBe("https://api.mistral.ai");
        account.IsSandbox.ShouldBeFalse();
        account.AccountKey.ShouldMatch("^mistral:[0-9a-f]{12}$");
        $"{account} {account.AccountKey} {System.Text.Json.JsonSerializer.Serialize(account)}".ShouldNotContain(TestClients.Secret);
    }

    [Fact]
    public async Task A_local_model_server_needs_no_key() =>
        (await Source(null, new MistralOptions { BaseUrl = "http://127.0.0.1:11434" }).ForAsync(Guid.Empty, "mistral", default))
            .Value.ShouldNotBeNull().Authorization.ShouldBeNull();

    [Fact]
    public async Task Production_without_a_credential_has_no_account()
    {
        var missing = await Source(null, new HubSpotOptions()).ForAsync(Guid.Empty, "hubspot", default);
        missing.Failure.ShouldNotBeNull().Kind.ShouldBe(ProviderFailureKind.Unauthorized);
    }

    [Fact]
    public void Production_lists_every_missing_and_malformed_setting()
    {
        ProviderOptions[] sections = [new InstantlyOptions(), new HubSpotOptions { AccessToken = "a b" }, new MistralOptions { BaseUrl = "http://models.example", TimeoutSeconds = 0 }, new JinaOptions()];
        var faults = sections.SelectMany(section => section.Validate(production: true)).ToList();
        faults.ShouldContain("Instantly__ApiKey is missing");
        faults.ShouldContain("HubSpot__AccessToken holds characters that no key has");
        faults.ShouldContain("Mistral__BaseUrl is not an https:// address without user, query and fragment");
        faults.ShouldContain(fault => fault.StartsWith("Mistral__TimeoutSeconds: ", StringComparison.Ordinal));
        faults.ShouldContain("Jina__ApiKey is missing");
        faults.Count.ShouldBe(5);
    }

    [Fact]
    public void Production_needs_no_account_where_each_workspace_connects_its_own()
    {
        ProviderOptions[] sections = [new InstantlyOptions(), new HubSpotOptions(), new MistralOptions(), new JinaOptions()];
        sections.SelectMany(section => section.Validate(production: true, shared: false)).ShouldBeEmpty();
        new HubSpotOptions { ClientId = "app", ClientSecret = "secret" }.Validate(production: true).ShouldBeEmpty();
    }

    [Fact]
    public void An_app_at_HubSpot_is_whole_and_its_page_is_safe()
    {
        var faults = new HubSpotOptions { AccessToken = "t", ClientId = "app", AuthorizeUrl = "http://app.hubspot.example/oauth" }.Validate(production: true).ToList();
        faults.Count.ShouldBe(2);
        faults[0].ShouldContain("HubSpot__ClientSecret");
        faults[1].ShouldContain("HubSpot__AuthorizeUrl");
    }

    [Fact]
    public void Nothing_is_wrong_with_an_empty_configuration_outside_production()
    {
        ProviderOptions[] sections = [new InstantlyOptions(), new HubSpotOptions(), new MistralOptions(), new JinaOptions()];
        sections.SelectMany(section => section.Validate(production: false)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Limits_are_the_vendors_for_real_accounts_and_none_for_the_Sandbox()
    {
        ProviderOptions[] sections = [new InstantlyOptions { ApiKey = "k1" }, new HubSpotOptions(), new JinaOptions { Keyless = true }, new MistralOptions { ApiKey = "k2" }];
        var rules = await RulesAsync(sections, new() { ["mistral"] = new() { RequestsPerMinute = 120, Concurrency = 4 } });
        rules.Single(rule => rule.Key.StartsWith("instantly", StringComparison.Ordinal)).Value.ShouldBe(new(100 / 1.1, 1, null));
        rules["hubspot:sandbox"].ShouldBe(LimitRule.None);
        rules.Single(rule => rule.Key.StartsWith("jina", StringComparison.Ordinal)).Value.ShouldBe(new(18 / 60.0, 2, 3));
        rules.Single(rule => rule.Key.StartsWith("mistral", StringComparison.Ordinal)).Value.ShouldBe(new(2 / 1.1, 1, 4));
    }

    [Fact]
    public async Task A_configured_limit_holds_for_a_Sandbox_account_too() =>
        (await RulesAsync([new JinaOptions()], new() { ["Jina"] = new() { RequestsPerSecond = 50 } }))["jina:sandbox"].ShouldBe(new(50 / 1.1, 1, null));

    [Fact]
    public void A_limit_of_no_provider_is_refused_by_name()
    {
        var options = new LimitOptions { Accounts = { ["apollo"] = new(), ["jina"] = new() { Concurrency = 0 } } };
        var faults = new LimitOptionsRules(["instantly", "jina"]).Validate(null, options).Failures.ShouldNotBeNull().ToList();
        faults[0].ShouldStartWith("Limits__apollo: ");
        faults[1].ShouldStartWith("Limits__jina__Concurrency: ");
    }

    private static ConfiguredConnections Source(string? sandbox, params ProviderOptions[] sections) => new(sections, new(sandbox));

    private static async Task<IReadOnlyDictionary<string, LimitRule>> RulesAsync(ProviderOptions[] sections, Dictionary<string, AccountLimits> configured)
    {
        var options = new LimitOptions();
        foreach (var (provider, limits) in configured) options.Accounts[provider] = limits;
        var registry = new LimitRegistry();
        await new ProviderLimits(Source(SandboxUrl, sections), sections, Options.Create(options), registry).StartAsync(default);
        return registry.Unwritten;
    }
}
