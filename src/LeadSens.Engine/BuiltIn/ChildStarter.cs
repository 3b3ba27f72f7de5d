using System.Text.Json;
using System.Text.Json.Nodes;

namespace LeadSens.Engine.BuiltIn;

/// <summary>Starts instances of another workflow in the transaction of the burst: they exist exactly when the box that wants them has run.</summary>
internal sealed class ChildStarter
{
    private readonly BurstContext _context;
    private readonly WorkflowDefinition _definition;

    private ChildStarter(BurstContext context, WorkflowDefinition definition) => (_context, _definition) = (context, definition);

    /// <summary>For the workflow's published version.</summary>
    /// <param name="count">How many instances are to be added.</param>
    /// <exception cref="ExpressionException">There is none.</exception>
    /// <exception cref="BudgetException">The run may not start so many.</exception>
    public static async ValueTask<ChildStarter> ForAsync(ActivityContext context, string? definitionId, int count)
    {
        var burst = (BurstContext)context;
        if (burst.Options.Budget is { } budget) await SpendAsync(burst, budget, count);
        var definition = string.IsNullOrWhiteSpace(definitionId) ? null : await burst.Definitions.FindPublishedAsync(context.TenantId, definitionId, context.CancellationToken);
        return new ChildStarter(burst, definition ?? throw new ExpressionException($"There is no published workflow '{definitionId}'."));
    }

    /// <summary>Adds an instance.</summary>
    /// <exception cref="ExpressionException">An input does not fit.</exception>
    public void Add(Guid id, string? correlationId, JsonObject input, ParentLink? parent)
    {
        var errors = new List<DefinitionError>();
        input["ParentInstanceId"] = _context.InstanceId;
        var state = NewState.Of(_definition, input, errors);
        if (errors.Count > 0) throw new ExpressionException($"The workflow '{_definition.DefinitionId}' does not start: {errors[0].Message}");
        var family = _context.Scope.State.Family;
        state.Family = new Family(Root(_context), family.Depth + 1, family.Since);
        (state.CorrelationId, state.Parent) = (string.IsNullOrWhiteSpace(correlationId) ? null : correlationId, parent);
        var activation = ActivationStrategies.Of(_definition, state.CorrelationId, errors);
        if (errors.Count > 0) throw new ExpressionException($"The workflow '{_definition.DefinitionId}' does not start: {errors[0].Message}");
        _context.Children.Add(new NewInstance(id, _context.TenantId, _definition.DefinitionId, _definition.Id, _definition.Version, state.CorrelationId, null, StateWriter.Write(state)) { ParentId = _context.InstanceId, RootId = Root(_context), Activation = activation, Refusal = activation is null ? null : parent?.TellRefusal(id, activation) });
    }

    /// <summary>Adds an instance for each item. An object holds inputs by name; anything else is the input of the given name.</summary>
    /// <param name="correlation">Gives the correlation id of each; sees the item under the same name.</param>
    public void AddEach(JsonElement items, string name, JsonObject? inputs, Expression? correlation, ParentLink? parent)
    {
        foreach (var item in items.EnumerateArray())
        {
            var input = inputs?.DeepClone().AsObject() ?? [];
            if (item.ValueKind != JsonValueKind.Object) input[name] = JsonNode.Parse(item.GetRawText());
            else foreach (var property in item.EnumerateObject()) input[property.Name] = JsonNode.Parse(property.Value.GetRawText());
            Add(Guid.CreateVersion7(), correlation is null ? null : CorrelationOf(correlation, name, item), input, parent);
        }
    }

    private static Guid Root(BurstContext context) => context.Scope.State.Family is { Root: var root } && root != Guid.Empty ? root : context.InstanceId;

    private static async ValueTask SpendAsync(BurstContext context, RunBudget budget, int count)
    {
        var (state, now) = (context.Scope.State, context.Now);
        if (now - state.Family.Since >= budget.Per) state.Family = state.Family with { Depth = 0, Since = now };
        if (state.Family.Depth >= budget.Depth) throw new BudgetException(budget.TooDeep);
        if (context.Options.Descendants is not { } descendants) return;
        var started = context.Burst.Started ??= await descendants(Root(context), state.Family.Since, context.CancellationToken);
        if ((long)started + context.Burst.Children.Count + count > budget.Descendants) throw new BudgetException(budget.TooMany);
    }

    private string? CorrelationOf(Expression correlation, string name, JsonElement item)
    {
        _context.Scope.Argument = (name, Value.From(item));
        try
        {
            return Value.TryTo<string>(correlation.Evaluate(_context.Scope), out var text) ? text : null;
        }
        finally
        {
            _context.Scope.Argument = null;
        }
    }
}
