using LeadSens.Server.Tests.Support;

namespace LeadSens.Server.Tests.Connections;

/// <summary>Base of tests that call the Sandbox over HTTP.</summary>
public abstract class SandboxTest : IAsyncLifetime
{
    internal TestSandbox Sandbox { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Sandbox = await TestSandbox.StartAsync();

    public async ValueTask DisposeAsync()
    {
        await Sandbox.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal ProviderAccount Account(string provider) => ProviderAccount.Sandbox(provider, Sandbox.BaseUrl);

    internal static T Value<T>(ProviderResult<T> result)
    {
        result.Failure.ShouldBeNull();
        return result.Value!;
    }
}
