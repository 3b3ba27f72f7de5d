using LeadSens.Server.Jobs;
using LeadSens.Server.Workflows;

namespace LeadSens.Server.Approvals;

/// <summary>Wakes whoever works on what a decision wrote: the waiting run and the outbox.</summary>
internal sealed class ApprovalSignals(WorkflowSignal workflows, OutboxSignal outbox)
{
    public void Wake()
    {
        workflows.Wake();
        outbox.Wake();
    }
}
