using System.Net.Http.Json;
using System.Text.Json;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Providers.Lodestar;
using LeadSens.Server.Tests.Providers.Quill;
using LeadSens.Server.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace LeadSens.Server.Tests.Providers;

/// <summary>The app with two vendors more, each a folder beside this and one registration, and a server that answers for both.</summary>
public sealed class MadeUpProviders : IAsyncLifetime
{
    public const string Key = "lodestar-good-key", ClientSecret = "quill-app-secret", Account = "77";

    private int _people, _tokens;

    internal ScriptedProvider Vendor { get; private set; } = null!;

    internal TestApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Vendor = await ScriptedProvider.StartAsync(AnswerAsync);
        App = await TestApp.WithAsync((services, configuration) => services.AddLodestar(configuration).AddQuill(configuration),
            ("Lodestar:BaseUrl", Vendor.Url), ("Limits:lodestar:RequestsPerSecond", "5"), ("Limits:lodestar:Burst", "4"),
            ("Quill:BaseUrl", Vendor.Url), ("Quill:ClientId", "quill-app"), ("Quill:ClientSecret", ClientSecret));
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        await Vendor.DisposeAsync();
    }

    internal Task<SomePerson> PersonAsync() => App.RegisterAsync($"person{Interlocked.Increment(ref _people)}@providers.example");

    internal static async Task<JsonElement> OneAsync(SomePerson person, string provider) =>
        (await person.Http.GetFromJsonAsync<JsonElement>("/api/connections")).GetProperty("items").EnumerateArray()
            .Single(one => one.GetProperty("provider").GetString() == provider);

    /// <summary>Through the vendor's page and back, as a browser goes.</summary>
    internal async Task<string> ConnectQuillAsync(SomePerson person)
    {
        var begun = (await person.Http.GetAsync("/api/connections/quill/auth")).Headers.Location!;
        begun.AbsoluteUri.ShouldStartWith($"{Vendor.Url}/authorize?client_id=quill-app&state=");
        var state = begun.Query.Split("state=")[1].Split('&')[0];
        return await person.Http.GetStringAsync($"/api/connections/quill/callback?code=the-code&state={state}");
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var body = (string)context.Items[ScriptedProvider.BodyKey]!;
        context.Response.ContentType = "application/json";
        context.Response.StatusCode = context.Request.Path.Value == "/team" && context.Request.Headers.Authorization != $"Bearer {Key}" ? 401 : 200;
        await context.Response.WriteAsync(context.Request.Path.Value switch
        {
            "/team" => context.Response.StatusCode == 200 ? """{"team":"42"}""" : """{"message":"nobody's key"}""",
            "/token" when body.Contains("code=the-code") || body.Contains("refresh_token=refresh") => Tokens(Interlocked.Increment(ref _tokens)),
            _ => "{}",
        });
    }

    private static string Tokens(int number) => $$"""{"access_token":"access{{number}}","refresh_token":"refresh{{number}}","expires_in":3600,"account":"{{Account}}"}""";
}
