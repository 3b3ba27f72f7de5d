using LeadSens.Server.Jobs;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Connections.Providers.Mistral;

/// <summary>The connections to language models, shared by the clients of all accounts.</summary>
internal sealed class MistralHttp(IOptions<MistralOptions> options, TimeProvider clock, Limits limits) : IDisposable
{
    public ProviderHttp Http { get; } = new(new MistralFailures(clock), options.Value.Timeout, clock, limits);

    /// <summary>The longest silence inside a streamed answer.</summary>
    public TimeSpan Timeout => options.Value.Timeout;

    /// <summary>The most that a streamed answer takes from its first piece to its end.</summary>
    public TimeSpan Longest => 10 * Timeout;

    public TimeProvider Clock => clock;

    public void Dispose() => Http.Dispose();
}
