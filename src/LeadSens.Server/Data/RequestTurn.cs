namespace LeadSens.Server.Data;

/// <summary>A request's turn at the database, taken with its first connection and given back at its end.</summary>
/// <param name="keeps">False for what stays open (event streams): the turn is then only for as long as a look takes.</param>
internal sealed class RequestTurn(bool keeps) : IDisposable
{
    private readonly Lock _gate = new();
    private Admission? _admission;
    private Task? _taken;

    public bool Keeps { get; } = keeps;

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
        }
    }
}
