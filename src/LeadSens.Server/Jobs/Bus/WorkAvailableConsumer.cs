using MassTransit;

namespace LeadSens.Server.Jobs;

/// <summary>Acknowledged at once: the worker looks by itself, in the database.</summary>
internal sealed class WorkAvailableConsumer(JobSignal signal) : IConsumer<WorkAvailable>
{
    public Task Consume(ConsumeContext<WorkAvailable> context)
    {
        signal.Local.Wake();
        return Task.CompletedTask;
    }
}
