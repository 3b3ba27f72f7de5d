namespace LeadSens.Server.Data;

/// <summary>A request's turn at the database, taken with its first connection and given back at its end.</summary>
/// <param name="keeps">False for what stays open (event streams): the turn is then only for as long as a look takes.</param>
internal sealed class RequestTurn(bool keeps) : IDisposable
{
    private readonly Lock _gate = new();
    private Admission? _admission;
    private Task? _taken;

    /// <summary>False as well once the request has ended: what still runs then takes a turn for each look.</summary>
    public bool Keeps { get; private set; } = keeps;

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
