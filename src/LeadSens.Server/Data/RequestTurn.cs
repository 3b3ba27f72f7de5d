namespace LeadSens.Server.Data;

/// <summary>A request's turn at the database. Until it is let in, a look takes a turn for itself; the first connection of what it then does takes the one that it keeps to its end.</summary>
/// <param name="keeps">False for what stays open or waits for somebody outside: each look takes a turn for itself, so that nobody's slow answers hold up everybody.</param>
/// <param name="from">Stands for the workspace until it is known: the client's address.</param>
internal sealed class RequestTurn(bool keeps, object from) : IDisposable
{
    private readonly Lock _gate = new();
    private Admission? _admission;
    private object? _who;
    private Task? _taken;

    public object From { get; } = from;

    /// <summary>False before the request is let in and once it has ended.</summary>
    public bool Keeps { get; private set; }

    /// <summary>It is let in. Its body is read before its work asks for a connection, so that who sends slowly keeps nobody from their turn.</summary>
    public void LetIn() => Keeps = keeps;

    public Task TakeAsync(Admission admission, object who, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (_taken is not null) return _taken;
            (_admission, _who) = (admission, who);
            return _taken = admission.TakeAsync(who, cancellationToken);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_taken is { IsCompletedSuccessfully: true }) _admission!.Return(_who!);
            _taken = null;
            Keeps = false;
        }
    }
}
