using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Engine;

/// <summary>The context that activities see. One per burst: boxes run one after the other.</summary>
internal sealed class BurstContext(Burst burst, Scope scope, IDefinitionSource definitions, IServiceProvider services, TimeProvider time, RunnerOptions options) : ActivityContext, IInputValues
{
    private readonly object?[] _values = new object?[scope.Definition.MaxSlots];
    private readonly List<CommitWrite> _writes = [];
    private readonly List<Stimulus> _stimuli = [];
    private Dictionary<string, object?>? _outputs;
    private JsonObject? _notes;
    private Wait? _wait;
    private Resumption? _resumption;

    public Burst Burst => burst;
    public Scope Scope => scope;
    public IDefinitionSource Definitions => definitions;

    /// <summary>With what the workflow that is a box ends, when a Complete inside it said so.</summary>
    public IReadOnlyList<string>? CompositeOutcomes { get; set; }
    public RunnerOptions Options => options;
    public DateTimeOffset Now => time.GetUtcNow();
    public CancellationToken Token { get; set; }
    public IReadOnlyList<CommitWrite> Writes => _writes;
    public IReadOnlyList<Stimulus> Stimuli => _stimuli;
    public List<NewInstance> Children { get; } = [];
    public override Guid InstanceId => scope.InstanceId;
    public override Guid TenantId => scope.TenantId;
    public override string? CorrelationId => scope.State.CorrelationId;
    public override Guid ExecutionId => scope.Current.Id;
    public override string? ResumedBookmark => _wait?.Name;
    public override Resumption? Resumption => _resumption;
    public override CancellationToken CancellationToken => Token;

    public override JsonElement Stimulus => _resumption?.Payload ?? (IsTrigger && scope.State.TriggerPayload is { } payload ? Value.ToElement(payload) : default);

    public override bool IsTrigger => _resumption is null && scope.State.TriggerActivityId == scope.Current.Activity.StateId;

    public void Enter(Execution execution, Wait? wait, Resumption? resumption)
    {
        scope.Begin();
        (scope.Current, _wait, _resumption, _outputs, _notes) = (execution, wait, resumption, null, null);
        _writes.Clear();
        _stimuli.Clear();
        Children.Clear();
    }

    /// <summary>Evaluates the inputs that are expressions.</summary>
    public void Evaluate()
    {
        foreach (var input in scope.Current.Activity.Evaluated)
        {
            var value = input.Expression!.Evaluate(scope);
            if (!input.TryConvert(value, out _values[input.Slot])) throw new ExpressionException($"The input '{input.Name}' of {scope.Current.Activity.Title} takes {TypeNames.Taken(input.ValueType)}, not {Scope.Describe(value)}.");
        }
    }

    public override T? Get<T>(Input<T> input) where T : default
    {
        if (input.Expression is null) return input.Constant;
        return _values[input.Slot] is T value ? value : input.Default;
    }

    public override void Set<T>(Output<T> output, T value)
    {
        var canonical = Value.From(value);
        if (output.Variable is not null) scope.Set(output.Variable, canonical);
        canonical = ValueKind.Plain(canonical);
        if (output.WorkflowOutput is not null) scope.SetOutput(output.WorkflowOutput, canonical);
        if (output.Name == "Result") scope.State.LastResult = canonical;
        var id = scope.Current.Activity.StateId;
        if (!scope.State.Outputs.TryGetValue(id, out var outputs)) scope.State.Outputs[id] = outputs = [];
        outputs[output.Name] = canonical;
        (_outputs ??= [])[output.Name] = canonical;
    }

    public override void Enlist(CommitWrite write) => _writes.Add(write);

    public override void Send(Stimulus stimulus)
    {
        if (options.IsTrial) throw new TrialException("publishes something");
        _stimuli.Add(stimulus);
    }

    public override T Service<T>() => (T)(services.GetService(typeof(T)) ?? throw new InvalidOperationException($"The host offers no {typeof(T).Name}."));

    public override void Note(string key, JsonNode? value) => (_notes ??= [])[key] = value;

    /// <summary>The journal payload: outcomes other than Done, outputs, notes. Null when there is nothing of these.</summary>
    public string? Payload(IReadOnlyList<string>? outcomes)
    {
        var plain = outcomes is null || outcomes is ["Done"];
        if (plain && _outputs is null && _notes is null) return null;
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            if (!plain) WriteOutcomes(writer, outcomes!);
            if (_outputs is not null) WriteOutputs(writer, _outputs);
            if (_notes is not null)
            {
                writer.WritePropertyName("notes");
                _notes.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }

    /// <summary>The journal payload of a container; null when it ended with Done alone.</summary>
    public static string? ContainerPayload(IReadOnlyList<string> outcomes) => outcomes is ["Done"] ? null : JsonSerializer.Serialize(new JsonObject { ["outcomes"] = new JsonArray([.. outcomes.Select(outcome => JsonValue.Create(outcome))]) });

    private static void WriteOutcomes(Utf8JsonWriter writer, IReadOnlyList<string> outcomes)
    {
        writer.WriteStartArray("outcomes");
        foreach (var outcome in outcomes) writer.WriteStringValue(outcome);
        writer.WriteEndArray();
    }

    private static void WriteOutputs(Utf8JsonWriter writer, Dictionary<string, object?> outputs)
    {
        writer.WriteStartObject("outputs");
        foreach (var (name, value) in outputs)
        {
            writer.WritePropertyName(name);
            Value.Write(writer, value);
        }

        writer.WriteEndObject();
    }
}
