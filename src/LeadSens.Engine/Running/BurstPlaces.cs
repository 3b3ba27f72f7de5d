namespace LeadSens.Engine;

/// <summary>Where the bursts of a node compute, and write what their boxes want written. A workspace's bursts, however many there are and whoever waits for them, take no more
/// than its share of the processors, of the threads that wait for script hosts, and of the database.</summary>
/// <param name="places">Bursts that compute at the same time.</param>
/// <param name="share">Of them, those of one workspace while others compute too.</param>
/// <param name="part">How much of one processor they may take on the average while others compute too, and as much again for writing.</param>
public sealed class BurstPlaces(int places, int share, double part, TimeProvider time)
{
    internal static readonly TimeSpan Credit = TimeSpan.FromMilliseconds(100);

    private readonly FairPlaces<Guid> _places = new(places, share, part, Credit, time);

    /// <summary>Apart from the others: what one burst of a workspace writes keeps none from computing that somebody waits for.</summary>
    private readonly FairPlaces<Guid> _writing = new(places, share, part, Credit, time);

    /// <summary>For a burst of this definition; whoever was cancelled takes none, and ends after its box.</summary>
    internal static async ValueTask<Held> TakeAsync(BurstPlaces? places, ScriptHosts hosts, WorkflowDefinition definition, Guid tenantId, CancellationToken cancellationToken)
    {
        var held = new Held(places, definition.UsesHosts ? hosts.Places : null, tenantId);
        await held.ReturnAsync(cancellationToken);
        return held;
    }

    /// <summary>The places of one burst. It leaves them while it waits for somebody outside.</summary>
    internal sealed class Held(BurstPlaces? places, FairPlaces<Guid>? scripts, Guid tenantId) : IDisposable
    {
        private bool _computes;
        private bool _scripts;
        private bool _writes;
        private TimeSpan _takes;
        private ThreadTime _since;
        private TimeSpan _elsewhere;

        /// <summary>What a script host took of a processor for it.</summary>
        public void Charge(TimeSpan time) => _elsewhere += time;

        /// <summary>It has ended and is written in a place for that, so that of a workspace that has much to write one burst after the other does.</summary>
        /// <param name="takes">What that takes of the processors, about.</param>
        public async ValueTask WriteAsync(TimeSpan takes)
        {
            Leave();
            (_writes, _takes) = (places is not null && await places._writing.TakeAsync(tenantId, Timeout.InfiniteTimeSpan, CancellationToken.None), takes);
        }

        public void Leave()
        {
            var held = _computes || _scripts ? _since.Elapsed + _elsewhere : default;
            if (_computes) places!._places.Return(tenantId, held);
            if (_scripts) scripts!.Return(tenantId, held);
            if (_writes) places!._writing.Return(tenantId, _takes);
            (_computes, _scripts, _writes) = (false, false, false);
        }

        public async ValueTask ReturnAsync(CancellationToken cancellationToken)
        {
            try
            {
                _scripts = scripts is not null && await scripts.TakeAsync(tenantId, Timeout.InfiniteTimeSpan, cancellationToken);
                _computes = places is not null && await places._places.TakeAsync(tenantId, Timeout.InfiniteTimeSpan, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                // It takes in what was delivered and ends.
            }

            (_since, _elsewhere) = (ThreadTime.Begin(), TimeSpan.Zero);
        }

        public void Dispose() => Leave();
    }
}
