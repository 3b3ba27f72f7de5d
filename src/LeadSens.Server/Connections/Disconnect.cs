using LeadSens.Server.Identity;
using LeadSens.Server.UseCases;

namespace LeadSens.Server.Connections;

/// <summary>Ends a connection; one that has ended is ended.</summary>
internal sealed class Disconnect(DisconnectAccount disconnect) : IUseCase<Disconnect, Disconnect.Request, Done>
{
    public sealed record Request(Guid Id);

    public static UseCase Declaration { get; } = new("disconnect", "End a connection", Permission.Manage, Effect.Changes, "connection.disconnected");

    public async Task<Outcome<Done>> RunAsync(Caller caller, Request request, CancellationToken cancellationToken) =>
        await disconnect.ExecuteAsync(caller.WorkspaceId, request.Id, caller.By, cancellationToken) ? default(Done) : Refusal.NotFound("connection_not_found");
}
