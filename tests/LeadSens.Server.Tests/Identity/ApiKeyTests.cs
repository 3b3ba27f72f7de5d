using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;
using LeadSens.Server.Web;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Tests.Identity;

public sealed class ApiKeyTests : DatabaseTest
{
    [Fact]
    public async Task The_development_key_opens_the_demo_workspace()
    {
        await SeedAsync();

        var caller = await Keys("Development").FindAsync(ApiKeys.DevelopmentKey, CancellationToken.None);

        caller.ShouldNotBeNull().WorkspaceId.ShouldBe(DemoWorkspace.Id);
    }

    [Fact]
    public async Task The_development_key_opens_nothing_in_production()
    {
        await SeedAsync();

        (await Keys("Production").FindAsync(ApiKeys.DevelopmentKey, CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task Keys_are_stored_as_hashes_only()
    {
        await SeedAsync();

        (await Db.ScalarAsync<string>("select string_agg(k::text, ' ') from api_keys k")).ShouldNotBeNull().ShouldNotContain(ApiKeys.DevelopmentKey);
    }

    [Fact]
    public async Task Seeding_again_keeps_what_a_user_changed()
    {
        await SeedAsync();
        await Db.ExecuteAsync("update workspaces set company_dna = 'ours'");

        await SeedAsync();

        (await Db.ScalarAsync<string>("select company_dna from workspaces")).ShouldBe("ours");
        (await Db.ScalarAsync<long>("select count(*) from style_samples")).ShouldBe(3);
    }

    private ApiKeys Keys(string environment) => new(DataSource, new(Options.Create(new WebOptions()), TimeProvider.System), new TestEnvironment(environment));

    private async Task SeedAsync()
    {
        await using var connection = await DataSource.OpenConnectionAsync(CancellationToken.None);
        await DemoWorkspace.SeedAsync(connection, CancellationToken.None);
    }
}
