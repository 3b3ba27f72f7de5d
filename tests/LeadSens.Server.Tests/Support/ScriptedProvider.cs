using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LeadSens.Server.Tests.Support;

/// <summary>A real HTTP server that answers what a test tells it to, for answers that no well-behaved stand-in gives.</summary>
internal sealed class ScriptedProvider : IAsyncDisposable
{
    /// <summary>Under which an answer finds the request's body in the context's items.</summary>
    public const string BodyKey = "body";

    private readonly WebApplication app;

    private ScriptedProvider(WebApplication app) => this.app = app;

    public string Url => app.Urls.First();

    public ConcurrentQueue<ReceivedCall> Calls { get; } = new();

    public static async Task<ScriptedProvider> StartAsync(Func<HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var provider = new ScriptedProvider(builder.Build());
        provider.app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync();
            context.Items[BodyKey] = body;
            provider.Calls.Enqueue(new(
                context.Request.Method, context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget, body,
                context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString())));
            await answer(context);
        });
        await provider.app.StartAsync();
        return provider;
    }

    public static Task<ScriptedProvider> AnsweringAsync(int status, string body, string contentType = "application/json", params (string Name, string Value)[] headers) =>
        StartAsync(context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = contentType;
            foreach (var (name, value) in headers) context.Response.Headers[name] = value;
            return context.Response.WriteAsync(body);
        });

    /// <summary>Reads the call and says nothing until its caller gives up.</summary>
    public static Task<ScriptedProvider> SilentAsync() => StartAsync(async context =>
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    });

    /// <summary>Reads the call and breaks the connection.</summary>
    public static Task<ScriptedProvider> ResettingAsync() => StartAsync(context =>
    {
        context.Abort();
        return Task.CompletedTask;
    });

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}

internal sealed record ReceivedCall(string Method, string Target, string Body, IReadOnlyDictionary<string, string> Headers);
