using LeadSens.Server.Api;

namespace LeadSens.Server.Jobs;

/// <summary>Events and what became of them; dead letters are sent again by hand.</summary>
internal static class OutboxApi
{
    internal sealed record EventView(Guid Id, string Type, [property: OneOf(typeof(OutboxStatus))] string Status, int Attempts, string? LastError, DateTimeOffset CreatedAt, DateTimeOffset? SentAt);

    public static void MapOutbox(this IEndpointRouteBuilder app)
    {
        var outbox = app.MapApiGroup("outbox");
        outbox.MapGet("/", ([AsParameters] PageRequest page, [OneOf(typeof(OutboxStatus))] string? status, UseCaseCall call,
            ListOutboxEvents list) => call.OkAsync(list, new(page, status)))
            .Runs(ListOutboxEvents.Declaration);
        outbox.MapPost("/{id:guid}/retry", (Guid id, UseCaseCall call, RetryOutboxEvent retry) =>
            call.EmptyAsync(retry, new(id))).Runs(RetryOutboxEvent.Declaration);
    }
}
