using LeadSens.Engine.Tests.Contract;

namespace LeadSens.Engine.Tests.Stores;

public sealed class InMemoryStoreTests : WorkflowStoreContract
{
    private readonly ManualTime _time = new();

    protected override Task<WorkflowStore> OpenAsync() => Task.FromResult<WorkflowStore>(new InMemoryWorkflowStore(_time));

    protected override Task PassAsync(WorkflowStore store, TimeSpan time)
    {
        _time.Pass(time);
        return Task.CompletedTask;
    }
}
