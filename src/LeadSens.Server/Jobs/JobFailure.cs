
namespace LeadSens.Server.Jobs;

/// <summary>Failures that are not a provider's.</summary>
internal static class JobFailure
{
    /// <summary>Stands where a provider's name stands.</summary>
    public const string Ourselves = "leadsens";

    /// <summary>What the job works on is not there any more.</summary>
    public const string Gone = "gone";

    /// <summary>Nodes that may die with a job before it is not tried again.</summary>
    public const int MostDeaths = 3;

    public static ProviderFailure NodeDied(int deaths) =>
        new(ProviderFailureKind.NodeDied, Ourselves, $"The Server died {deaths} times while it ran this job, so it is not tried again by itself.");

    public static ProviderFailure Bug(Exception exception) =>
        new(ProviderFailureKind.Invalid, Ourselves, $"An error of our own stopped the job: {exception.GetType().Name}.");
}
