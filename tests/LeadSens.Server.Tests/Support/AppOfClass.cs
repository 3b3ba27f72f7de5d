namespace LeadSens.Server.Tests.Support;

/// <summary>One application for all tests of a class that bring people or a workspace of their own.</summary>
public sealed class AppOfClass : IAsyncLifetime
{
    internal TestApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync() => App = await TestApp.StartAsync();

    public ValueTask DisposeAsync() => App.DisposeAsync();
}
