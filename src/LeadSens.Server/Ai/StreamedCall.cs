using Microsoft.Extensions.AI;

namespace LeadSens.Server.Ai;

/// <summary>What is learned of a call while its answer comes piece by piece.</summary>
internal sealed class StreamedCall(MeteredCall call)
{
    private UsageDetails? usage;
    private string? model;
    private ProviderFailure? failure;
    private bool begun, ended;

    public async ValueTask<bool> NextAsync(IAsyncEnumerator<ChatResponseUpdate> updates)
    {
        try
        {
            ended = !await updates.MoveNextAsync();
        }
        catch (ProviderFailureException failed)
        {
            failure = failed.Failure;
            throw;
        }

        if (!ended) Learn(updates.Current);
        return !ended;
    }

    /// <summary>A call that was given up before its first piece came is not recorded, as one whose whole answer was not waited for is not.</summary>
    public void End()
    {
        if (begun || ended) call.Answered(usage, model, failure?.Kind.ToString() ?? (ended ? AiEvent.Ok : AiEvent.Abandoned));
        else if (failure is not null) call.Failed(failure);
    }

    private void Learn(ChatResponseUpdate update)
    {
        begun = true;
        model = update.ModelId ?? model;
        foreach (var content in update.Contents)
            if (content is UsageContent { Details: { } details }) usage = details;
    }
}
