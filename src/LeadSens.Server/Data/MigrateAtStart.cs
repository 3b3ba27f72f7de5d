namespace LeadSens.Server.Data;

/// <summary>Migrates before anything else looks at the database.</summary>
internal sealed class MigrateAtStart(Migrator migrator) : StartingService
{
    public override Task StartingAsync(CancellationToken cancellationToken) => migrator.MigrateAsync(cancellationToken);
}
