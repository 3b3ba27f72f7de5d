using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Operations;

internal static class OperationsRegistration
{
    public static void AddOperations(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddTransient(typeof(IOptionsFactory<>), typeof(ReadableOptions<>));
        services.AddOptions<LeadSensOptions>().BindConfiguration(LeadSensOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<LeadSensOptions>, LeadSensOptionsRules>();
        if (!builder.Environment.IsProduction())
            services.PostConfigure<LeadSensOptions>(options => options.EncryptionKey ??= LeadSensOptions.DevelopmentEncryptionKey);
        services.AddSingleton<PublicAddress>();
        services.AddHealth();
        services.AddHostedService<Telemetry>();
        AddLogs(builder);
    }

    /// <summary>These write addresses of requests as they are, with the secrets that stand in links; whoever turns the framework's levels up does not get those.</summary>
    private static readonly string[] Talkative =
        ["Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.Routing", "Microsoft.AspNetCore.Http.Result", "Microsoft.AspNetCore.StaticFiles", "Microsoft.AspNetCore.HostFiltering",
         "Microsoft.AspNetCore.Cors", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Watch", "System.Net.Http.HttpClient"];

    /// <summary>The framework's own information is a line per request and per message; what it warns of stays.</summary>
    private static void AddLogs(WebApplicationBuilder builder)
    {
        foreach (var category in (string[])["Microsoft", "System.Net.Http", "MassTransit", "Npgsql"]) builder.Logging.AddFilter(category, LogLevel.Warning);
        foreach (var category in Talkative) builder.Logging.AddFilter(category, LogLevel.Warning);
        // A refused caller is an answer, not news: whoever knocks all day would fill the log.
        builder.Logging.AddFilter<ConsoleLoggerProvider>("LeadSens.Server.Identity.ApiKeyAuthentication", LogLevel.Warning).AddFilter<ConsoleLoggerProvider>("LeadSens.Server.Identity.AccessTokenAuthentication", LogLevel.Warning);
        // It warns that nothing encrypts its keys, because it does not know that they are sealed where they are stored (Web/Keys).
        builder.Logging.AddFilter("Microsoft.AspNetCore.DataProtection.KeyManagement.XmlKeyManager", LogLevel.Error);
        QuietLogs.Use(builder.Services);
        builder.Logging.AddConsoleFormatter<JsonLogFormatter, ConsoleFormatterOptions>();
        if (builder.Environment.IsProduction())
            builder.Logging.AddConsole(console => console.FormatterName = JsonLogFormatter.FormatterName);
        else
            builder.Logging.AddSimpleConsole(console => { console.SingleLine = true; console.TimestampFormat = "HH:mm:ss.fff "; });
    }
}
