using LeadSens.Server.Data;

namespace LeadSens.Server.Secrets;

/// <summary>Seals what is bound to less than it should be again, before anything opens it. What no key opens is left and said; whatever needs it fails as it would have.</summary>
internal sealed class BindAnew(SystemDatabase database, SecretBox box, ILogger<BindAnew> log) : StartingService
{
    public override async Task StartingAsync(CancellationToken cancellationToken)
    {
        foreach (var column in SealedColumns.All.Where(column => column.FormerKeys is not null))
        {
            var walked = await new SealedWalk(database, box).ExecuteAsync(column, null, (_, _) => Task.CompletedTask, cancellationToken);
            foreach (var reason in walked.Broken) log.NotSealedAgain(reason);
            if (walked.Sealed > 0) log.SealedAgain(walked.Sealed, $"{column.Table}.{column.Column}", string.Join(", ", column.Keys));
        }
    }
}
