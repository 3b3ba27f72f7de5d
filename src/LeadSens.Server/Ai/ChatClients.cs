using LeadSens.Server.Connections;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Ai;

/// <summary>The language models of workspaces, each metered. Its clients throw <see cref="ProviderFailureException"/>.</summary>
internal sealed class ChatClients(ProviderFor<LanguageModels> models, ModelMeter meter, IOptions<AiOptions> options)
{
    public async ValueTask<ProviderResult<MeteredModel>> ForAsync(ModelCall call, CancellationToken cancellationToken)
    {
        var account = await models.ForAsync(call.WorkspaceId, cancellationToken);
        return account.Succeeded
            ? new MeteredModel(models.Part.ClientOf(account.Value), meter, options.Value.For(call.Purpose), call, account.Value.Provider)
            : account.Failure;
    }
}
