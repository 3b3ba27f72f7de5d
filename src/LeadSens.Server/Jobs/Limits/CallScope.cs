namespace LeadSens.Server.Jobs;

/// <summary>The places under which the calls of a job, or of a step that reserved one, are made. It goes with the flow of execution, so that there is one
/// way to make a call: whoever holds a place of the account makes it under that place, everybody else takes one for as long as the call lasts.</summary>
internal sealed class CallScope : IDisposable
{
    private static readonly AsyncLocal<CallScope?> Flow = new();

    private readonly CallScope? outer;
    private readonly IReadOnlyList<Place> places;
    private bool isOver;

    private CallScope(CallScope? outer, IReadOnlyList<Place> places) => (this.outer, this.places) = (outer, places);

    /// <summary>A job's: what the code that started it holds is not the job's.</summary>
    public static CallScope OfJob(IReadOnlyList<Place> places) => Flow.Value = new(null, places);

    /// <summary>A step's, inside whatever holds places already.</summary>
    public static CallScope Within(Place place) => Flow.Value = new(Flow.Value, [place]);

    /// <summary>The place of this account that the running code holds; null when it holds none.</summary>
    public static Place? Find(string key)
    {
        for (var scope = Flow.Value; scope is not null; scope = scope.outer)
        {
            if (scope.isOver) continue;
            foreach (var place in scope.places)
                if (place.Key == key) return place;
        }

        return null;
    }

    /// <summary>What still runs in this flow holds nothing any more; the places are their owner's to dispose of.</summary>
    public void Dispose()
    {
        isOver = true;
        if (Flow.Value == this) Flow.Value = outer;
    }
}
