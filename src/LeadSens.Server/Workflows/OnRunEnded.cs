using LeadSens.Engine;

namespace LeadSens.Server.Workflows;

/// <summary>A slice's answer to the end of a run, written in the transaction that ends it; null when the run is not its own.</summary>
internal delegate CommitWrite? OnRunEnded(EndedInstance run);

/// <summary>How the Server gives out addresses at which somebody outside triggers an event.</summary>
internal delegate string MakeEventLink(EventLinkRequest request);

internal static class RunEndings
{
    /// <summary>All answers as one write.</summary>
    public static CommitWrite? Combine(IEnumerable<OnRunEnded> slices, EndedInstance run)
    {
        var writes = slices.Select(slice => slice(run)).OfType<SqlWrite>().ToList();
        return writes.Count switch
        {
            0 => null,
            1 => writes[0],
            _ => new SqlWrite(
                async (connection, cancellationToken) =>
                {
                    foreach (var write in writes)
                        await write.ExecuteAsync(connection, cancellationToken);
                },
                () => writes.ForEach(write => write.Committed()))
            {
                LockFirst = async (connection, cancellationToken) =>
                {
                    foreach (var write in writes)
                        await (write.LockFirst?.Invoke(connection, cancellationToken) ?? Task.CompletedTask);
                },
            }
        };
    }
}
