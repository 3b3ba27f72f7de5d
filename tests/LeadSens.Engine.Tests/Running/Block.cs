using System.Text.Json.Nodes;

namespace LeadSens.Engine.Tests.Running;

/// <summary>A graph that is put together from steps, forks, decisions and loops, so that what it does can be told without the engine.</summary>
internal sealed class Block
{
    private readonly Random _random;
    private readonly bool _pauses;
    private readonly Flow _flow = new();
    private readonly Dictionary<string, int> _rounds = [];
    private int _boxes;

    private Block(int seed, bool pauses) => (_random, _pauses) = (new Random(seed), pauses);

    /// <summary>How often each box runs: "b0 b1 b1 …", sorted.</summary>
    public string Expected { get; private set; } = "";

    /// <summary>The way that the boxes are joined, for a person who looks at a failure.</summary>
    public string Shape { get; private set; } = "";

    public WorkflowDefinition Definition => _flow.Build();

    public static Block Draw(int seed, bool pauses)
    {
        var block = new Block(seed, pauses);
        var part = block.Sequence(28, null);
        var ran = new List<string>();
        part.Run(ran);
        (block.Expected, block.Shape) = (Sorted(ran), part.Shape);
        block._flow.StartsWith(part.First);
        return block;
    }

    public static string Sorted(IEnumerable<string> boxes) => string.Join(' ', boxes.Order(StringComparer.Ordinal));

    private Part Sequence(int budget, string? loop)
    {
        var part = Any(budget, loop);
        while (_random.Next(3) > 0 && budget - part.Size > 0)
        {
            var (before, next) = (part, Any(budget - part.Size, loop));
            _flow.Connect($"{before.Last}->{next.First}");
            part = new Part(before.First, next.Last, before.Size + next.Size, $"{before.Shape} {next.Shape}", ran => { before.Run(ran); next.Run(ran); });
        }

        return part;
    }

    private Part Any(int budget, string? loop) => budget < 5 ? Step() : _random.Next(5) switch
    {
        0 or 1 => Fork(budget, loop),
        2 => Decision(budget, loop),
        3 => Loop(budget),
        _ => Step(),
    };

    private Part Step()
    {
        var id = Box();
        return new Part(id, id, 1, id, ran => ran.Add(id));
    }

    private Part Fork(int budget, string? loop)
    {
        var (fork, branches) = (Box(), new List<Part>());
        for (var left = budget - 2; left > 0 && branches.Count < 3; left -= branches[^1].Size) branches.Add(Sequence(Math.Max(1, left / 2), loop));
        var join = Join("WaitAll", "WaitAllActive", null);
        foreach (var branch in branches) _flow.Connect($"{fork}->{branch.First} {branch.Last}->{join}");
        return new Part(fork, join, 2 + branches.Sum(branch => branch.Size), $"{fork}[{string.Join(" | ", branches.Select(branch => branch.Shape))}]{join}", ran =>
        {
            ran.Add(fork);
            foreach (var branch in branches) branch.Run(ran);
            ran.Add(join);
        });
    }

    /// <summary>In a loop it goes another way each round.</summary>
    private Part Decision(int budget, string? loop)
    {
        var id = $"b{_boxes++}";
        var always = _random.Next(2) == 0;
        _flow.Box(id, "Elsa.FlowDecision", ("condition", loop is null ? Flow.Literal(always) : Flow.Js($"getVariable('{loop}') % 2 === 0")));
        var (yes, no) = (Sequence((budget - 2) / 2, loop), Sequence((budget - 2) / 2, loop));
        var merge = Join("WaitAny", "WaitAllActive", null);
        _flow.Connect($"{id}.True->{yes.First} {id}.False->{no.First} {yes.Last}->{merge} {no.Last}->{merge}");
        return new Part(id, merge, 2 + yes.Size + no.Size, $"{id}({yes.Shape} : {no.Shape}){merge}", ran =>
        {
            ran.Add(id);
            ((loop is null ? always : _rounds[loop] % 2 == 0) ? yes : no).Run(ran);
            ran.Add(merge);
        });
    }

    private Part Loop(int budget)
    {
        var counter = $"n{_boxes}";
        var times = _random.Next(3);
        _flow.Variable(counter, "Int32", "0");
        _rounds[counter] = 0;
        var (head, body) = (Box(), Sequence(budget - 2, counter));
        var tail = Box(("times", Flow.Literal(times)), ("before", Flow.Read(counter)), ("count", Flow.Capture(counter)));
        _flow.Connect($"{head}->{body.First} {body.Last}->{tail} {tail}.Again->{head}");
        return new Part(head, tail, 2 + body.Size, $"{head}<{body.Shape}>{tail}*{times}", ran =>
        {
            do
            {
                ran.Add(head);
                body.Run(ran);
                ran.Add(tail);
            }
            while (++_rounds[counter] <= times);
        });
    }

    private string Box(params (string, JsonNode?)[] properties)
    {
        var id = $"b{_boxes++}";
        _flow.Box(id, "Test.Beat", [("pauses", Flow.Literal(_pauses)), .. properties]);
        return id;
    }

    /// <summary>A join of one of these modes; a plain box joins as well.</summary>
    private string Join(params ReadOnlySpan<string?> modes)
    {
        if (modes[_random.Next(modes.Length)] is not { } mode) return Box();
        var id = $"b{_boxes++}";
        _flow.Box(id, "Elsa.FlowJoin", ("mode", Flow.Literal(mode)));
        return id;
    }

    private sealed record Part(string First, string Last, int Size, string Shape, Action<List<string>> Run);
}

/// <summary>Goes round as often as it is told, waits once each time when it is told to.</summary>
[Activity("Test", Outcomes = ["Done", "Again"])]
public sealed class Beat : Activity
{
    public Input<bool> Pauses { get; } = new();
    public Input<int> Times { get; } = new();
    public Input<int> Before { get; } = new();
    public Output<int> Count { get; } = new();

    public override ValueTask<ActivityResult> ExecuteAsync(ActivityContext context)
    {
        if (context.Get(Pauses) && context.Resumption is null) return ValueTask.FromResult(WaitFor(new BookmarkRequest("beat", $"beat:{context.ExecutionId}")));
        var count = context.Get(Before) + 1;
        context.Set(Count, count);
        return ValueTask.FromResult(count <= context.Get(Times) ? Complete("Again") : Done);
    }
}
