using LeadSens.Server.Campaigns;
using LeadSens.Server.Connections;
using LeadSens.Server.Connections.OAuth;
using LeadSens.Server.Webhooks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace LeadSens.Server.Tests.Providers.Quill;

/// <summary>A vendor that there is not, with OAuth and webhooks: all that it takes to add one.</summary>
internal static class AddQuillExtensions
{
    public static IServiceCollection AddQuill(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<QuillClient>();
        services.AddProvider<QuillOptions>("Quill Post", configuration)
            .With<AccountCheck, QuillCheck>().With<OAuthApp, QuillOAuth>().With<ProviderWebhook, QuillWebhook>().With<CampaignUse, QuillInCampaigns>();
        return services;
    }
}

internal sealed class QuillOptions : ProviderOptions
{
    public string? ApiKey { get; set; }
    public string? ClientId { get; set; }
    public string? ClientSecret { get; set; }

    public override string Provider => "quill";
    public override string Section => "Quill";
    public override string SecretName => nameof(ApiKey);
    public override string? Secret => ApiKey;
    public override string DefaultBaseUrl => "https://quill.example";
    public override AccountLimits PublishedLimits => new();
}

internal sealed class QuillInCampaigns : CampaignUse
{
    public override long CallsOf(CampaignSize size) => 2 * size.Leads;
}
