using System.Text;
using Microsoft.Extensions.AI;

namespace LeadSens.Server.Connections.Providers.Mistral;

/// <summary>Puts tool calls together whose arguments come in pieces.</summary>
internal sealed class StreamedToolCalls
{
    private readonly SortedDictionary<int, Call> calls = [];

    public void Add(IReadOnlyList<CompletionToolCall>? pieces)
    {
        foreach (var piece in pieces ?? [])
        {
            var index = piece.Index ?? calls.Count;
            if (!calls.TryGetValue(index, out var call)) calls[index] = call = new();
            if (piece.Id is { Length: > 0 } id) call.Id = id;
            if (piece.Function?.Name is { Length: > 0 } name) call.Name = name;
            if (piece.Function is { } function) call.Arguments.Append(ChatAnswer.Arguments(function.Arguments));
        }
    }

    public IReadOnlyList<AIContent> TakeWhole()
    {
        var whole = calls.Values.Where(call => call.Name.Length > 0)
            .Select(AIContent (call) => ToolValues.Call(call.Id, call.Name, call.Arguments.ToString())).ToList();
        calls.Clear();
        return whole;
    }

    private sealed class Call
    {
        public string Id { get; set; } = "";
        public string Name { get; set; } = "";
        public StringBuilder Arguments { get; } = new();
    }
}
