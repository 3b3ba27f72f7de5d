namespace LeadSens.Server.Jobs;

/// <summary>A kind of job as the parts that know no result types see it.</summary>
internal interface IJobKind
{
    string Kind { get; }

    /// <summary>Null: no stage opens batches of it.</summary>
    string? SelectSql { get; }

    bool FinishesAfterCancel { get; }
    IReadOnlyList<TimeSpan> RetrySchedule { get; }
}

/// <summary>The registered kinds.</summary>
internal sealed class JobKinds(IEnumerable<IJobKind> registered)
{
    private readonly Dictionary<string, IJobKind> kinds = registered.ToDictionary(kind => kind.Kind, StringComparer.Ordinal);

    /// <summary>Kinds whose started jobs go on after a cancel.</summary>
    public string[] Finishing { get; } = [.. registered.Where(kind => kind.FinishesAfterCancel).Select(kind => kind.Kind)];

    public IJobKind this[string kind] => kinds.TryGetValue(kind, out var found)
        ? found
        : throw new ArgumentException($"There is no job kind '{kind}'. Known: {string.Join(", ", kinds.Keys.Order())}.", nameof(kind));
}
