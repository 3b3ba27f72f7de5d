using LeadSens.Server.Data;
using System.Threading.Channels;
using Npgsql;

namespace LeadSens.Server.Ai;

/// <summary>Stores the calls of language models in bulk, at most a quarter of a second after they ended.</summary>
internal sealed class AiEventWriter(SystemDatabase database, TimeProvider clock, ILogger<AiEventWriter> logger) : BackgroundService
{
    private const int Bulk = 2_000;
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly Channel<AiEvent> waiting = Channel.CreateUnbounded<AiEvent>();
    // Never disposed of: it holds no handle, and a host that is stopped from two sides may flush once more after its disposal.
    private readonly SemaphoreSlim writing = new(1);
    private readonly List<AiEvent> bulk = new(Bulk);

    /// <summary>Takes an event and returns at once.</summary>
    public void Add(AiEvent aiEvent) => waiting.Writer.TryWrite(aiEvent);

    /// <summary>Writes what waits now, for whoever must read a cost that includes it.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            while (Fill()) await WriteAsync(cancellationToken);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Called after the workers have stopped: nothing that was paid for is left uncounted.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (bulk.Count > 0 || await waiting.Reader.WaitToReadAsync(stoppingToken))
        {
            await Task.Delay(Gather, clock, stoppingToken);
            try
            {
                await FlushAsync(stoppingToken);
            }
            catch (Exception failed) when (!stoppingToken.IsCancellationRequested)
            {
                Log.EventsNotWritten(logger, bulk.Count, failed);
                await Task.Delay(AfterFailure, clock, stoppingToken);
            }
        }
    }

    /// <summary>A bulk that failed stays first in line.</summary>
    private bool Fill()
    {
        while (bulk.Count < Bulk && waiting.Reader.TryRead(out var next)) bulk.Add(next);
        return bulk.Count > 0;
    }

    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        try
        {
            await AiEventSql.WriteAsync(database, bulk, cancellationToken);
        }
        catch (PostgresException refused) when (IsOfItsContent(refused))
        {
            await WriteOneByOneAsync(cancellationToken);
        }

        bulk.Clear();
    }

    /// <summary>Data that cannot be stored, or breaks a rule; all else passes.</summary>
    private static bool IsOfItsContent(PostgresException refused) => refused.SqlState.StartsWith("22", StringComparison.Ordinal) || refused.SqlState.StartsWith("23", StringComparison.Ordinal);

    /// <summary>One that the database refuses is dropped, so that it keeps no other from being counted.</summary>
    private async Task WriteOneByOneAsync(CancellationToken cancellationToken)
    {
        foreach (var one in bulk)
        {
            try
            {
                await AiEventSql.WriteAsync(database, [one], cancellationToken);
            }
            catch (PostgresException refused) when (IsOfItsContent(refused))
            {
                Log.EventRefused(logger, one.Id, refused);
            }
        }
    }
}
