namespace LeadSens.Engine;

/// <summary>All that an instance remembers between bursts: what is active, variables, and the last outputs of each box.</summary>
internal sealed class InstanceState
{
    public string? CorrelationId { get; set; }
    public string? Name { get; set; }

    /// <summary>The box that the run was started with; null once it has ended, because in the next round of a loop it is a box like others.</summary>
    public string? TriggerActivityId { get; set; }

    /// <summary>What the stimulus carried that started the run there; null with the box.</summary>
    public object? TriggerPayload { get; set; }

    /// <summary>Who is to be told how it went; null when nobody is, or when that was done.</summary>
    public ParentLink? Parent { get; set; }

    /// <summary>Rises by one per journal entry.</summary>
    public long Sequence { get; set; }

    public Spent Spent { get; set; }

    public Family Family { get; set; }

    public WorkflowStatus Status { get; set; }
    public WorkflowSubStatus SubStatus { get; set; }
    public Dictionary<string, object?> Input { get; init; } = [];
    public Dictionary<string, object?> Output { get; } = [];
    public Dictionary<Variable, object?> Variables { get; } = [];

    /// <summary>By the box's id, then the output's name.</summary>
    public Dictionary<string, Dictionary<string, object?>> Outputs { get; } = [];

    public object? LastResult { get; set; }
    public List<Incident> Incidents { get; } = [];

    /// <summary>Executions that have not ended, in no order.</summary>
    public List<Execution> Active { get; } = [];

    /// <summary>Executions to run, first in first out.</summary>
    public Queue<Execution> Scheduled { get; } = [];

    public Execution Schedule(Activity activity, Execution? parent)
    {
        var execution = new Execution(Guid.CreateVersion7(), activity, parent);
        Add(execution);
        if (parent is not null) parent.Children++;
        Scheduled.Enqueue(execution);
        return execution;
    }

    public void Add(Execution execution)
    {
        execution.Index = Active.Count;
        Active.Add(execution);
    }

    public void Remove(Execution execution)
    {
        execution.Status = ExecutionStatus.Ended;
        if (execution.Parent is not null) execution.Parent.Children--;
        var last = Active[^1];
        Active[execution.Index] = last;
        last.Index = execution.Index;
        Active.RemoveAt(Active.Count - 1);
    }
}
