
namespace LeadSens.Server.Ai;

/// <summary>A provider's failure where a framework's contract (IChatClient) leaves no place for one in the result.</summary>
internal sealed class ProviderFailureException(ProviderFailure failure) : Exception(failure.Message)
{
    public ProviderFailure Failure { get; } = failure;
}
