using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Web;

internal static class WebRegistration
{
    public static IServiceCollection AddWeb(this IServiceCollection services)
    {
        services.AddOptions<WebOptions>().BindConfiguration(WebOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<WebOptions>, WebOptionsRules>();
        services.AddSingleton<IConfigureOptions<KestrelServerOptions>, WebServer>().AddSingleton<IConfigureOptions<ForwardedHeadersOptions>, WebServer>();
        services.AddSingleton<ConnectionTurns>().AddSingleton<RateLimits>().AddSingleton<PasswordQueue>().AddSingleton<Origins>();
        services.AddDataProtection().SetApplicationName("LeadSens");
        services.AddOptions<KeyManagementOptions>().Configure<StoredKeys>((keys, stored) => keys.XmlRepository = stored);
        services.AddSingleton<StoredKeys>().AddHostedService<FirstKey>();
        services.AddCors();
        services.AddOptions<CorsOptions>().Configure<IOptions<WebOptions>>((cors, web) => Origins.Configure(cors, web.Value));
        return services;
    }

    /// <summary>What every request goes through before anybody asks whose it is.</summary>
    public static void UseWeb(this WebApplication app)
    {
        // Without a known proxy nobody's X-Forwarded-* are believed, not even a loopback one's.
        if (app.Services.GetRequiredService<IOptions<WebOptions>>().Value.KnownProxies.Length > 0) app.UseForwardedHeaders();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<Hosts>();
        app.Use(Probes.InvokeAsync);
        app.Use(PathLimits.InvokeAsync);
        app.Use(TextGuard.InvokeAsync);
    }

    /// <summary>After what answers errors, and after the files, which are for everybody and cost nothing.</summary>
    public static void UseWebLimits(this WebApplication app)
    {
        app.UseAddressLimits();
        Origins.UseStreamOrigins(app);
        app.UseCors();
    }

    /// <summary>Another size for the bodies of these endpoints.</summary>
    public static TBuilder Takes<TBuilder>(this TBuilder builder, long bytes) where TBuilder : IEndpointConventionBuilder
    {
        builder.Add(endpoint => endpoint.Metadata.Add(new BodySize(bytes)));
        return builder;
    }

    private sealed record BodySize(long? MaxRequestBodySize) : IRequestSizeLimitMetadata;
}
