using MassTransit;

namespace LeadSens.Server.Jobs;

/// <summary>Whether the broker is there. A host that starts without it does not wait; publishing does.</summary>
internal sealed class BusState(IBusControl bus, TimeProvider time)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>Connected, and every endpoint declared: what is published reaches its consumers.</summary>
    public bool IsUp => bus.CheckHealth().Status == BusHealthStatus.Healthy;

    public async Task WaitUntilUpAsync(CancellationToken cancellationToken)
    {
        while (!IsUp) await Task.Delay(LookEvery, time, cancellationToken);
    }
}
