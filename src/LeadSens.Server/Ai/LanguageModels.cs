using Microsoft.Extensions.AI;

namespace LeadSens.Server.Ai;

/// <summary>A provider's language models.</summary>
internal abstract class LanguageModels
{
    /// <summary>A client that is not metered; it throws <see cref="ProviderFailureException"/>.</summary>
    public abstract IChatClient ClientOf(ProviderAccount account);

    /// <summary>Sequences of mails that one node has written at the same time; null: as many as of any other work.</summary>
    public virtual int? DraftConcurrency => null;
}
