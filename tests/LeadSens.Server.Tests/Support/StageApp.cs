using LeadSens.Server.Connections;
using LeadSens.Server.Identity;
using LeadSens.Server.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Support;

/// <summary>One app and its Sandbox for all tests of a class, with short times; every test has a campaign of its own.</summary>
public sealed class StageApp : IAsyncLifetime
{
    /// <summary>Longer than a call takes on a busy machine, shorter than a person's patience.</summary>
    private const string Timeout = "1.5";

    internal TestApp App { get; private set; } = null!;
    internal TestSandbox Sandbox { get; private set; } = null!;
    internal TestDatabase Db => App.Database;

    public async ValueTask InitializeAsync()
    {
        Sandbox = await TestSandbox.StartAsync();
        App = await TestApp.StartAsync(Sandbox.BaseUrl, settings:
        [
            ("Jobs:Sweep", "00:00:00.100"), ("Jobs:ResultDelay", "00:00:00.010"),
            ("Mistral:TimeoutSeconds", Timeout), ("Jina:TimeoutSeconds", Timeout), ("HubSpot:TimeoutSeconds", Timeout), ("Instantly:TimeoutSeconds", Timeout),
            ("Intents:SandboxRequestTimeout", "00:00:01.500"), ("Intents:SandboxSettleTime", "00:00:00.500"), ("Intents:ReadBackEvery", "00:00:00.050"),
        ]);
    }

    /// <summary>Sets what all the Sandbox's accounts allow, until it is disposed of.</summary>
    internal async Task<IAsyncDisposable> LimitAsync(LimitRule rule)
    {
        await SetAsync(rule);
        return new Lifted(() => SetAsync(LimitRule.None));

        async Task SetAsync(LimitRule next)
        {
            foreach (var account in App.Services.GetRequiredService<ConfiguredConnections>().All) App.Services.GetRequiredService<LimitRegistry>().Set(account.AccountKey, next);
            await App.Services.GetRequiredService<Limits>().RefreshAsync(CancellationToken.None);
        }
    }

    private sealed class Lifted(Func<Task> lift) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await lift();
    }

    /// <summary>Forgets what earlier tests called and set.</summary>
    internal Task ResetAsync() => Sandbox.ResetAsync();

    /// <summary>A campaign with leads as the stage finds them: lead N has the address <c>leadN@example.com</c>, the company
    /// <c>Acme-N</c> and a site of its own on a host that can be read.</summary>
    internal async Task<ReviewedCampaign> CampaignAsync(int leads, string status)
    {
        var campaign = await ReviewedCampaign.CreateAsync(Db, leads, await WorkspaceAsync());
        await Db.ExecuteAsync("""
            update leads set status = $2, job_title = 'Head of Operations', industry = 'Manufacturing', country = 'Germany', company_name = 'Acme-' || last_name,
                website = 'https://brightfieldlabs.com/acme-' || last_name
            where campaign_id = $1
            """, campaign.Id, status);
        await Db.ExecuteAsync("delete from drafts d using leads l where d.lead_id = l.id and l.campaign_id = $1 and l.status <> 'Drafted'", campaign.Id);
        return campaign;
    }

    /// <summary>A campaign that has no lead yet and an ICP that people match.</summary>
    internal async Task<ReviewedCampaign> SearchAsync(int limit)
    {
        var campaign = await CampaignAsync(0, "Sourced");
        await Db.ExecuteAsync("""update campaigns set lead_limit = $2, icp = '{"jobTitles":["Head of Operations"],"countries":["France","Germany"]}' where id = $1""", campaign.Id, limit);
        return campaign;
    }

    internal async Task<ReviewedCampaign> ApprovedAsync(int leads)
    {
        var campaign = await CampaignAsync(leads, "Drafted");
        await campaign.ApprovedAsync();
        return campaign;
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Sandbox.DisposeAsync();
    }

    /// <summary>A workspace per campaign: nobody is a duplicate of another test's lead.</summary>
    private async Task<Guid> WorkspaceAsync()
    {
        var id = Guid.CreateVersion7();
        await Db.ExecuteAsync("insert into workspaces (id, name, company_dna) select $1, 'Test', company_dna from workspaces where id = $2", id, DemoWorkspace.Id);
        return id;
    }
}
