using System.Text.Json;

namespace LeadSens.Engine.BuiltIn;

/// <summary>Is in one state at a time. In a state the triggers of all transitions out of it run; the first that completes, and whose condition
/// holds, cancels the others and leads on: its action, the exit of the old state, the entry of the new one. Ends in a state that nothing
/// leads out of.</summary>
[Activity("Elsa", Category = "Flow", DisplayName = "State Machine", Description = "Named states with transitions between them.")]
public sealed class StateMachine : Container
{
    private const int State = 0;
    private const int Taken = 1;

    private readonly List<MachineState> _states = [];
    private readonly List<MachineTransition> _transitions = [];
    private int _first;

    [Input(Description = "The states: [{ name, entry, exit }]. Entry and exit are activities; they may be left out.", UiHint = "json-editor")]
    public JsonElement States { get; private set; }

    [Input(Description = "The transitions: [{ from, to, trigger, condition, action }]. Trigger and action are activities; condition is an expression.", UiHint = "json-editor", Order = 1)]
    public JsonElement Transitions { get; private set; }

    [Input(Description = "The name of the first state.", UiHint = "singleline", Order = 2)]
    public string? InitialState { get; private set; }

    internal override IEnumerable<Activity> Children =>
        _states.SelectMany(state => new[] { state.Entry, state.Exit }).Concat(_transitions.SelectMany(transition => new[] { transition.Trigger, transition.Action })).OfType<Activity>();

    internal override void Read(ActivityReader reader)
    {
        (States, Transitions, InitialState) = (reader.Json.Property("states") ?? default, reader.Json.Property("transitions") ?? default, reader.Json.Text("initialState"));
        foreach (var item in reader.Json.Items("states")) _states.Add(new MachineState(item.Text("name") ?? "", Inner(item, "entry"), Inner(item, "exit")));
        foreach (var item in reader.Json.Items("transitions"))
        {
            var condition = item.Object("condition")?.Object("expression") is { } given ? reader.ReadExpression(given, $"transitions[{_transitions.Count}].condition") : null;
            _transitions.Add(new MachineTransition(Find(item.Text("from")), Find(item.Text("to")), Inner(item, "trigger"), condition, Inner(item, "action")));
        }

        _first = Find(reader.Json.Text("currentState") is { Length: > 0 } current ? current : InitialState);

        Activity? Inner(JsonElement item, string name) => item.Object(name) is { } inner ? reader.ReadInner(inner) : null;
    }

    internal override IReadOnlyList<string>? Begin(Burst burst, Execution self)
    {
        self.Data = [_first, -1];
        return _first < 0 ? DoneOutcome : Enter(burst, self, _first);
    }

    internal override IReadOnlyList<string>? ChildEnded(Burst burst, Execution self, Activity child, IReadOnlyList<string> outcomes)
    {
        var state = self.Data![State];
        if (self.Data[Taken] >= 0) return child == _transitions[self.Data[Taken]].Action ? Exit(burst, self, state) : Enter(burst, self, _transitions[self.Data[Taken]].To);
        if (child == _states[state].Entry) return AwaitTriggers(burst, self, state);
        var triggered = _transitions.FindIndex(transition => transition.Trigger == child && transition.From == state);
        if (triggered < 0) return null;
        if (!Holds(burst, _transitions[triggered]))
        {
            burst.Schedule(child, self);
            return null;
        }

        burst.CancelChildren(self);
        self.Data[Taken] = triggered;
        if (_transitions[triggered].Action is not { } action) return Exit(burst, self, state);
        burst.Schedule(action, self);
        return null;
    }

    private IReadOnlyList<string>? Exit(Burst burst, Execution self, int state)
    {
        if (_states[state].Exit is not { } exit) return Enter(burst, self, _transitions[self.Data![Taken]].To);
        burst.Schedule(exit, self);
        return null;
    }

    private IReadOnlyList<string>? Enter(Burst burst, Execution self, int state)
    {
        (self.Data![State], self.Data[Taken]) = (state, -1);
        if (_states[state].Entry is not { } entry) return AwaitTriggers(burst, self, state);
        burst.Schedule(entry, self);
        return null;
    }

    private IReadOnlyList<string>? AwaitTriggers(Burst burst, Execution self, int state)
    {
        foreach (var transition in _transitions)
        {
            if (transition.From == state && transition.To >= 0 && transition.Trigger is { } trigger) burst.Schedule(trigger, self);
        }

        return self.Children == 0 ? DoneOutcome : null;
    }

    private bool Holds(Burst burst, MachineTransition transition)
    {
        var value = transition.Condition is null ? true : transition.Condition.Evaluate(burst.Context.Scope);
        return Value.TryTo<bool>(value, out var holds) ? holds : throw new ExpressionException($"A condition of {Title} takes Boolean, not {Scope.Describe(value)}.");
    }

    private int Find(string? name) => _states.FindIndex(state => state.Name == name);

    private sealed record MachineState(string Name, Activity? Entry, Activity? Exit);

    private sealed record MachineTransition(int From, int To, Activity? Trigger, Expression? Condition, Activity? Action);
}
