using System.Text.Json;

namespace LeadSens.Engine.BuiltIn;

/// <summary>Runs its body once for each item of a list, one after the other; ends with Done. The body sees CurrentValue and CurrentIndex. The
/// list is taken once: what happens to its source afterwards does not matter.</summary>
[Activity("Elsa", Category = "Looping", DisplayName = "For Each", Description = "Repeats an activity for each item of a list.")]
public sealed class ForEach : Loop
{
    private const int Index = First;

    private readonly Variable _value;
    private readonly Variable _index;
    private readonly Variable _items;

    public ForEach()
    {
        (_value, _index) = (RoundVariable("CurrentValue", "Object"), RoundVariable("CurrentIndex", "Int32"));
        _items = new Variable("@Items", "@Items", ValueKind.Json, null, this);
    }

    [Input(Description = "The list.", UiHint = "singleline", DefaultSyntax = "JavaScript")]
    public Input<object> Items { get; } = new();

    [Output(Description = "The item of this round.")]
    public Output<object> CurrentValue { get; } = new();

    private protected override IEnumerable<Variable> RoundVariables => [_value, _index, _items];

    internal override IReadOnlyList<string>? Begin(Burst burst, Execution self)
    {
        self.Data = [0, -1];
        burst.Context.Evaluate();
        if (Items.Expression is not null) self.Variables = new() { [_items] = ItemList.Of(burst.Context.Get(Items), this) };
        return Next(burst, self);
    }

    private protected override IReadOnlyList<string>? Next(Burst burst, Execution self)
    {
        var items = Items.Expression is null ? ItemList.Of(Items.Constant, this) : (JsonElement)self.Variables![_items]!;
        var index = ++self.Data![Index];
        if (Body is null || index >= items.GetArrayLength()) return DoneOutcome;
        var item = Value.From(items[index]);
        burst.Schedule(Body, self).Variables = new() { [_value] = item, [_index] = (long)index };
        burst.Context.Set(CurrentValue, item!);
        return null;
    }
}
