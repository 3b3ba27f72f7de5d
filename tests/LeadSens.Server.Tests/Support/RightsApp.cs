namespace LeadSens.Server.Tests.Support;

/// <summary>One app and its Sandbox for tests of what a workspace keeps and forgets; every test has people and a workspace of its own.</summary>
public sealed class RightsApp : IAsyncLifetime
{
    internal TestApp App { get; private set; } = null!;
    internal TestSandbox Sandbox { get; private set; } = null!;
    internal TestDatabase Db => App.Database;

    public async ValueTask InitializeAsync()
    {
        Sandbox = await TestSandbox.StartAsync();
        App = await TestApp.StartAsync(Sandbox.BaseUrl, settings:
        [
            ("Jobs:Sweep", "00:00:00.100"), ("Jobs:ResultDelay", "00:00:00.010"), ("Intents:SandboxSettleTime", "00:00:00.500"), ("Intents:ReadBackEvery", "00:00:00.050"),
        ]);
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Sandbox.DisposeAsync();
    }
}

/// <summary>They share one app: starting it takes longer than most of them.</summary>
[CollectionDefinition]
public sealed class RightsTests : ICollectionFixture<RightsApp>;
