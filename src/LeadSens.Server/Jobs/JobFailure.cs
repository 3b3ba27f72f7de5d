using LeadSens.Server.Connections;

namespace LeadSens.Server.Jobs;

/// <summary>Failures that are not a provider's.</summary>
internal static class JobFailure
{
    /// <summary>Stands where a provider's name stands.</summary>
    public const string Ourselves = "leadsens";

    /// <summary>What the job works on is not there any more.</summary>
    public const string Gone = "gone";

    public static ProviderFailure Bug(Exception exception) =>
        new(ProviderFailureKind.Invalid, Ourselves, $"An error of our own stopped the job: {exception.GetType().Name}.");
}
