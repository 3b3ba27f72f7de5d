using LeadSens.Server.Data;

namespace LeadSens.Server.Workflows.Http;

/// <summary>Waits until a request is answered or its runs have come to rest: woken by each answer, on whatever node it was given, else by looking
/// now and then.</summary>
internal sealed class AnswerWait
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(20), Longest = TimeSpan.FromMilliseconds(500);

    private readonly HttpRequests _requests;
    private readonly TimeProvider _time;
    private TaskCompletionSource _answered = NewSignal();

    public AnswerWait(HttpRequests requests, Wakeups wakeups, TimeProvider time)
    {
        (_requests, _time) = (requests, time);
        wakeups.Subscribe(HttpAnswers.Topic, () => Interlocked.Exchange(ref _answered, NewSignal()).TrySetResult());
    }

    /// <summary>Null when that took too long.</summary>
    public async Task<RequestState?> ForAsync(Guid requestId, TimeSpan atMost, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        for (var pause = Shortest; ; pause = pause * 1.5 < Longest ? pause * 1.5 : Longest)
        {
            // Taken before the look, so that an answer in between ends the wait.
            var answered = Volatile.Read(ref _answered).Task;
            var state = await _requests.StateAsync(requestId, cancellationToken);
            if (state.Status is not null || !state.IsBusy) return state;
            var left = atMost - _time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero) return null;
            await Task.WhenAny(answered, Task.Delay(pause < left ? pause : left, _time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
