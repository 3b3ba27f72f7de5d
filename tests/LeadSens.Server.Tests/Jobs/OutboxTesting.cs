using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using LeadSens.Server.Jobs;
using LeadSens.Server.Tests.Support;
using MassTransit;

namespace LeadSens.Server.Tests.Jobs;

/// <summary>A consumer somewhere else.</summary>
internal sealed class EventListener : IConsumer<IntegrationEvent>
{
    public ConcurrentQueue<IntegrationEvent> Events { get; } = new();

    public Task Consume(ConsumeContext<IntegrationEvent> context)
    {
        Events.Enqueue(context.Message);
        return Task.CompletedTask;
    }
}

internal static class OutboxTesting
{
    public static async Task AddAsync(TestDatabase db, JobNode node, Guid workspace, string type, bool commit = true)
    {
        await using var connection = await db.DataSource.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        await Outbox.AddAsync(connection, [new(workspace, type, new JsonObject { ["leads"] = 3 })], default);
        if (commit) await transaction.CommitAsync();
        else await transaction.RollbackAsync();
        node.Get<OutboxSignal>().Wake();
    }
}
