using System.Text.Json.Nodes;

namespace LeadSens.Server.Jobs;

/// <summary>A fact to announce once the transaction that made it true has committed.</summary>
/// <param name="Type">Past tense, for example <c>LeadSourced</c>.</param>
internal sealed record OutboxEvent(Guid WorkspaceId, string Type, JsonObject Payload);

/// <summary>The fact as consumers get it. It may come more than once and in any order: be idempotent by <see cref="Id"/>.</summary>
/// <param name="Payload">JSON.</param>
public sealed record IntegrationEvent(Guid Id, Guid WorkspaceId, string Type, string Payload, DateTimeOffset At);

/// <summary>A hint that there are jobs of this kind. Nothing is lost when it is.</summary>
public sealed record WorkAvailable(string Kind);
