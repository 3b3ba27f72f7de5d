namespace LeadSens.Server.Data;

/// <summary>The turn of requests at the database. Whoever has it keeps it to the end of the request, so a request is refused before it did anything, or not at all.</summary>
internal sealed class Admission(int places, TimeSpan patience) : IDisposable
{
    private readonly SemaphoreSlim _places = new(places, places);

    /// <exception cref="DatabaseBusyException">No turn within the patience.</exception>
    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        if (!await _places.WaitAsync(patience, cancellationToken)) throw new DatabaseBusyException();
    }

    public void Return() => _places.Release();

    public void Dispose() => _places.Dispose();
}

/// <summary>More requests want the database than it is given at once; this one did nothing yet.</summary>
internal sealed class DatabaseBusyException() : Exception("Too many requests use the database at once.");
