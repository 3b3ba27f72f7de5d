namespace LeadSens.Server.Data;

/// <summary>A request's turn at the database. Until it is let in, a look takes a turn for itself; the first connection of what it then does takes the one that it keeps to its end.</summary>
/// <param name="keeps">False for what stays open or waits for somebody outside: each look takes a turn for itself, so that nobody's slow answers hold up everybody.</param>
internal sealed class RequestTurn(bool keeps) : IDisposable
{
    private readonly Lock _gate = new();
    private Admission? _admission;
    private Task? _taken;

    /// <summary>False before the request is let in and once it has ended.</summary>
    public bool Keeps { get; private set; }

    /// <summary>It is let in. Its body is read before its work asks for a connection, so that who sends slowly keeps nobody from their turn.</summary>
    public void LetIn() => Keeps = keeps;

    public Task TakeAsync(Admission admission, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _admission = admission;
            return _taken ??= admission.TakeAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (_taken is { IsCompletedSuccessfully: true }) _admission!.Return();
            _taken = null;
            Keeps = false;
        }
    }
}
