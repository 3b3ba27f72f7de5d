using System.Text.Json;
using LeadSens.Sandbox.Data;
using LeadSens.Sandbox.Http;

namespace LeadSens.Sandbox.Mistral;

/// <summary>A chat completion: checks the request, lets the model answer, counts tokens, writes it whole or as a stream.</summary>
internal static class ChatCompletions
{
    public static Reply Answer(Call call)
    {
        if (!call.HasBearer)
        {
            return MistralErrors.Of(401, null);
        }

        using var body = JsonReading.Object(call.Body);
        if (body is null)
        {
            return MistralErrors.Detail("json_invalid", "JSON decode error");
        }

        var request = body.RootElement;
        if (RequestSchema.Refuse(request) is { } refusal)
        {
            return refusal;
        }

        var prompt = Prompt.Read(request);
        var completion = Complete(request, prompt, Model.Answer(request, prompt, call.ModelFault));
        return request.Flag("stream") ? CompletionJson.Stream(completion) : CompletionJson.Whole(completion);
    }

    private static Completion Complete(JsonElement request, Prompt prompt, ModelAnswer answer)
    {
        var text = answer.Text;
        var finish = answer.Calls.Count > 0 ? "tool_calls" : "stop";
        if (request.Number("max_tokens") is { } most && Tokens.Count(text) > most)
        {
            text = Tokens.Cut(text, most);
            finish = "length";
        }

        var written = Tokens.Count(text) + answer.Calls.Sum(item => Tokens.Count(item.Name) + Tokens.Count(item.Arguments));
        var id = Dice.Of(0, prompt.Last).With(prompt.Tokens).State.ToString("x16") + Dice.Of(1, text).State.ToString("x16");
        return new Completion(id, request.Text("model")!, text, answer.Calls, finish, prompt.Tokens, Math.Max(1, written));
    }
}

/// <summary>What the model said.</summary>
internal sealed record Completion(string Id, string Model, string Text, IReadOnlyList<ToolCall> Calls, string Finish, int TokensIn, int TokensOut);

/// <param name="Text">Empty beside tool calls.</param>
internal sealed record ModelAnswer(string Text, IReadOnlyList<ToolCall> Calls)
{
    public ModelAnswer(string text) : this(text, [])
    {
    }
}

/// <param name="Arguments">JSON.</param>
internal sealed record ToolCall(string Id, string Name, string Arguments);

/// <summary>About four characters to the token.</summary>
internal static class Tokens
{
    private const int Characters = 4;

    public static int Count(string text) => (text.Length + Characters - 1) / Characters;

    public static string Cut(string text, int tokens) => text[..Math.Min(text.Length, tokens * Characters)];
}
