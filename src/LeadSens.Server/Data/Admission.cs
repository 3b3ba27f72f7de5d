using LeadSens.Engine;

namespace LeadSens.Server.Data;

/// <summary>The turn of requests at the database. Whoever has it keeps it to the end of the request, so a request is refused before it did anything, or not at all.
/// While several workspaces ask, each has its share of the places and is served in turn: what one asks keeps no other waiting.</summary>
internal sealed class Admission(int places, int share, int queue, TimeSpan patience)
{
    private const int Spread = 256;

    private readonly FairPlaces<object> _places = new(places, share, share, TimeSpan.Zero, TimeProvider.System);
    private int _refused;

    /// <param name="who">The workspace, or where the request comes from as long as that is not known.</param>
    /// <exception cref="DatabaseBusyException">No turn within the patience.</exception>
    public async Task TakeAsync(object who, CancellationToken cancellationToken)
    {
        if (!await _places.TakeAsync(who, patience, cancellationToken)) throw new DatabaseBusyException();
    }

    /// <summary>False when so many of its requests wait that another one would wait in vain. It has waited about as long all the same: who asks again at once gets no further, and a wait costs
    /// less than an answer. Those that came at the same moment are answered one after the other, so that their answers keep nobody waiting.</summary>
    public async ValueTask<bool> HasRoomAsync(object who, CancellationToken cancellationToken)
    {
        if (_places.Waiting(who) < queue) return true;
        var turn = (uint)Interlocked.Increment(ref _refused) % Spread;
        await Task.Delay(patience * (0.5 + turn / (double)Spread), TimeProvider.System, cancellationToken);
        return false;
    }

    public void Return(object who) => _places.Return(who, TimeSpan.Zero);
}

/// <summary>More requests want the database than it is given at once; this one did nothing yet.</summary>
internal sealed class DatabaseBusyException() : Exception("Too many requests use the database at once.");
