using System.Net.ServerSentEvents;
using System.Text.Json;
using LeadSens.Server.Ai;
using Microsoft.Extensions.AI;

namespace LeadSens.Server.Connections.Providers.Mistral;

/// <summary>Reads a streamed answer piece by piece. Texts are passed on as they come, tool calls once they are whole.</summary>
internal sealed class ChatStream(MistralHttp mistral, ProviderRequest request, OpenAnswer answer, CancellationToken caller) : IAsyncDisposable
{
    private readonly CallTimeout silence = new(mistral.Timeout, mistral.Clock, caller);
    private readonly long began = mistral.Clock.GetTimestamp();
    private readonly StreamedToolCalls calls = new();
    private IAsyncEnumerator<SseItem<ProviderResult<Completion>?>>? events;
    private bool ended;

    /// <summary>The next piece; null at the end.</summary>
    /// <exception cref="ProviderFailureException">The answer broke off or is none.</exception>
    public async Task<ChatResponseUpdate?> NextAsync()
    {
        while (!ended)
        {
            if (await PieceAsync() is not { } piece) break;
            if (!piece.Succeeded) throw new ProviderFailureException(piece.Failure);
            if (Update(piece.Value) is { } update) return update;
        }

        return null;
    }

    public async ValueTask DisposeAsync()
    {
        if (events is not null) await events.DisposeAsync();
        silence.Dispose();
        answer.Dispose();
    }

    /// <summary>Null at the mark that ends every whole stream; a stream that ends without it broke off.</summary>
    private async Task<ProviderResult<Completion>?> PieceAsync()
    {
        try
        {
            var left = mistral.Longest - mistral.Clock.GetElapsedTime(began);
            silence.Restart(left > mistral.Timeout ? mistral.Timeout : left > TimeSpan.Zero ? left : TimeSpan.Zero);
            events ??= SseParser.Create(await AnswerBody.OpenAsync(answer.Response, silence.Token), (_, data) => Parse(data))
                .EnumerateAsync(silence.Token).GetAsyncEnumerator(silence.Token);
            if (!await events.MoveNextAsync()) throw new HttpIOException(HttpRequestError.ResponseEnded);
            ended = events.Current.Data is null;
            return events.Current.Data;
        }
        catch (Exception lost) when (ProviderHttp.IsLost(lost, caller) || AnswerBody.IsUndecodable(lost))
        {
            return mistral.Http.Lost(request, lost, silence.TimedOut);
        }
    }

    private ProviderResult<Completion>? Parse(ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8)) return null;
        try
        {
            return MistralJson.Default.Completion.Read(data);
        }
        catch (JsonException)
        {
            return mistral.Http.Unreadable(request, answer.Response, data);
        }
    }

    private ChatResponseUpdate? Update(Completion piece)
    {
        var choice = piece.Choices is [var first, ..] ? first : null;
        var contents = new List<AIContent>();
        if (choice?.Delta is { } delta && ChatAnswer.Text(delta.Content) is { Length: > 0 } text) contents.Add(new TextContent(text));
        calls.Add(choice?.Delta?.ToolCalls);
        if (choice?.FinishReason is not null) contents.AddRange(calls.TakeWhole());
        if (ChatAnswer.Usage(piece.Usage) is { } usage) contents.Add(new UsageContent(usage));
        if (contents.Count == 0 && choice?.FinishReason is null) return null;
        return new(ChatRole.Assistant, contents)
        {
            ResponseId = piece.Id,
            MessageId = piece.Id,
            ModelId = piece.Model,
            FinishReason = ChatAnswer.Finish(choice?.FinishReason),
        };
    }
}
