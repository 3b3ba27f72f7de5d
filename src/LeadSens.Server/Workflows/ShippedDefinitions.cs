using System.Text.Json.Nodes;
using LeadSens.Engine;
using LeadSens.Server.Data;
using LeadSens.Server.Workflows.Triggers;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Workflows;

/// <summary>Loads the graphs that come with the Server. One whose text changed becomes a new shipped version; what a workspace saved stays.</summary>
internal sealed class ShippedDefinitions(SystemDatabase database, ActivityRegistry activities, TimeProvider time, IOptions<WorkflowOptions> options, ILogger<ShippedDefinitions> log) : StartingService
{
    public override async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (!Directory.Exists(options.Value.Directory))
            return;
        foreach (var file in Directory.GetFiles(options.Value.Directory, "*.json").Order(StringComparer.Ordinal))
            await LoadAsync(file, cancellationToken);
    }

    private async Task LoadAsync(string file, CancellationToken cancellationToken)
    {
        var json = await File.ReadAllTextAsync(file, cancellationToken);
        var check = DefinitionCheck.Of(json, activities, null, time.GetUtcNow());
        if (check.Errors.Count > 0 || DefinitionText.Parse(json) is not { } definition)
        {
            // The last good version goes on serving.
            log.DefinitionRefused(file, string.Join("; ", check.Errors.Select(error => error.Message)));
            return;
        }
        var definitionId = (string?)definition["definitionId"] ?? Path.GetFileNameWithoutExtension(file);
        await ShipAsync(definitionId, definition, check.Triggers, cancellationToken);
    }

    private async Task ShipAsync(string definitionId, JsonObject definition, IReadOnlyList<Trigger> triggers, CancellationToken cancellationToken)
    {
        var hash = DefinitionText.Hash(definition);
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var (_, version, _) = await DefinitionRows.LockAsync(connection, null, definitionId, cancellationToken);
        if (await DefinitionRows.ShippedHashAsync(connection, null, definitionId, cancellationToken) == hash)
            return;
        var versionId = Guid.CreateVersion7().ToString("N");
        await DefinitionRows.WriteAsync(connection, new DefinitionRow(versionId, definitionId, null, version, definition, Published: true, hash) { Triggers = triggers }, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        log.DefinitionShipped(definitionId, version);
    }
}
