
namespace LeadSens.Server.Push;

/// <summary>One kind of call that may not be repeated: how to look for its effect, how to make it, how to read it back. Works from the
/// intent's row alone, because the process that opened it may be dead.</summary>
internal abstract class IntentCall
{
    public abstract string Kind { get; }

    /// <summary>Looks at the provider for the effect of an earlier request, by the intent's <see cref="Intent.Tag"/>.</summary>
    public abstract Task<ProviderResult<Found>> LookUpAsync(Intent intent, CancellationToken cancellationToken);

    /// <summary>Sends the request, once; the answer is the provider's id of what it made. Its call is granted already.</summary>
    public abstract Task<ProviderResult<string>> WriteAsync(Intent intent, CancellationToken cancellationToken);

    /// <summary>Reads back what the provider confirmed.</summary>
    public virtual Task<ProviderResult<Found>> ReadBackAsync(Intent intent, string providerId, CancellationToken cancellationToken) =>
        LookUpAsync(intent, cancellationToken);
}

/// <summary>What a look-up saw.</summary>
/// <param name="ProviderId">Null when nothing is there.</param>
internal readonly record struct Found(string? ProviderId)
{
    public static readonly Found Nothing;
}
