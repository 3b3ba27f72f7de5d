using System.IO.Pipelines;
using System.Net;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;

namespace LeadSens.Server.Web;

/// <summary>Who sends hundreds of requests in one moment has them begun a few at a time, so that somebody else's next one finds a thread: whatever comes in on a connection waits for its address's
/// turn before anything parses it, and a turn lasts until the work on it first waits for something. Behind a proxy all are one address, and nothing changes.</summary>
internal sealed class ConnectionTurns
{
    /// <summary>One address alone has all processors.</summary>
    private static readonly int Places = Environment.ProcessorCount;

    private readonly Lock _gate = new();
    private readonly Dictionary<UInt128, Lane> _lanes = [];

    /// <summary>Those that have a connection.</summary>
    public int Addresses
    {
        get
        {
            lock (_gate) return _lanes.Count;
        }
    }

    public async Task InvokeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var address = ClientAddress.KeyOf((connection.RemoteEndPoint as IPEndPoint)?.Address);
        var transport = connection.Transport;
        connection.Transport = new Turned(new Reader(transport.Input, Enter(address)), transport.Output);
        try
        {
            await next(connection);
        }
        finally
        {
            connection.Transport = transport;
            Leave(address);
        }
    }

    /// <summary>One more connection of this address; it is remembered as long as it has one.</summary>
    internal Lane Enter(UInt128 address)
    {
        lock (_gate)
        {
            if (!_lanes.TryGetValue(address, out var lane)) _lanes.Add(address, lane = new());
            lane.Connections++;
            return lane;
        }
    }

    internal void Leave(UInt128 address)
    {
        lock (_gate)
        {
            if (--_lanes[address].Connections == 0) _lanes.Remove(address);
        }
    }

    /// <summary>The turns of one address. Between two of them it goes to the end of the thread pool's queue.</summary>
    internal sealed class Lane : IThreadPoolWorkItem
    {
        private readonly Lock _gate = new();
        private readonly Queue<Action> _waiting = [];
        private int _running;

        public int Connections { get; set; }

        /// <summary>Awaited: what follows is a turn.</summary>
        public Turn Next() => new(this);

        public void Execute()
        {
            if (Take() is not { } turn) return;
            turn();
            if (HasMore()) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        private void Add(Action turn)
        {
            lock (_gate)
            {
                _waiting.Enqueue(turn);
                if (_running == Places) return;
                _running++;
            }
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        private Action? Take()
        {
            lock (_gate)
            {
                if (_waiting.TryDequeue(out var turn)) return turn;
                _running--;
                return null;
            }
        }

        private bool HasMore()
        {
            lock (_gate)
            {
                if (_waiting.Count > 0) return true;
                _running--;
                return false;
            }
        }

        internal readonly struct Turn(Lane lane) : ICriticalNotifyCompletion
        {
            public bool IsCompleted => false;

            public Turn GetAwaiter() => this;

            public void GetResult()
            {
            }

            public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

            public void UnsafeOnCompleted(Action continuation) => lane.Add(continuation);
        }
    }

    private sealed record Turned(PipeReader Input, PipeWriter Output) : IDuplexPipe;

    private sealed class Reader(PipeReader transport, Lane lane) : PipeReader
    {
        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            var read = transport.ReadAsync(cancellationToken);
            return read.IsCompleted ? read : InTurnAsync(read);
        }

        protected override ValueTask<ReadResult> ReadAtLeastAsyncCore(int minimumSize, CancellationToken cancellationToken)
        {
            var read = transport.ReadAtLeastAsync(minimumSize, cancellationToken);
            return read.IsCompleted ? read : InTurnAsync(read);
        }

        public override bool TryRead(out ReadResult result) => transport.TryRead(out result);

        public override void AdvanceTo(SequencePosition consumed) => transport.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => transport.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => transport.CancelPendingRead();

        public override void Complete(Exception? exception = null) => transport.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => transport.CompleteAsync(exception);

        [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
        private async ValueTask<ReadResult> InTurnAsync(ValueTask<ReadResult> read)
        {
            var result = await read;
            await lane.Next();
            return result;
        }
    }
}
