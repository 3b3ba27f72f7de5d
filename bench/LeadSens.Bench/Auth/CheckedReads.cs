using System.Diagnostics;
using System.Net.Http.Headers;
using LeadSens.Bench.Workflows;
using LeadSens.Server.Api;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Operations;
using LeadSens.Server.Secrets;
using LeadSens.Server.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LeadSens.Bench.Auth;

/// <summary>One and the same read behind the Server's own pipeline, once open to anybody and once for members, by token and by key: what is between
/// them is the price of knowing who calls and what they may do. The requests take turns, so that whatever else the machine does meets all of them.</summary>
internal static class CheckedReads
{
    private const int WarmUp = 2_000;
    private static readonly Guid Workspace = Guid.CreateVersion7(), User = Guid.CreateVersion7(), Session = Guid.CreateVersion7();

    public static readonly IReadOnlyList<string> Added = ["checkByTokenAddsUs", "checkByKeyAddsUs"];

    public static async Task<IReadOnlyList<(string Name, double Microseconds)>> RunAsync(string database, int count, CancellationToken cancellationToken)
    {
        await using var app = Build(database);
        await app.StartAsync(cancellationToken);
        var (token, key) = (Secret.New(Secret.Access), Secret.New(Secret.ApiKey));
        await SeedAsync(app.Services.GetRequiredService<SystemDatabase>(), token, key, cancellationToken);
        var address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        using var anybody = new HttpClient { BaseAddress = address };
        using var byToken = new HttpClient { BaseAddress = address, DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token.Text) } };
        using var byKey = new HttpClient { BaseAddress = address, DefaultRequestHeaders = { { ApiKeyAuthentication.Header, key.Text } } };
        (HttpClient Http, Uri Path, double[] Times)[] ways =
            [(anybody, Path("open"), new double[count]), (byToken, Path("members"), new double[count]), (byKey, Path("members"), new double[count])];
        for (var number = -WarmUp; number < count; number++)
        {
            foreach (var (http, path, times) in ways)
            {
                var since = Stopwatch.GetTimestamp();
                using var answer = await http.GetAsync(path, cancellationToken);
                var took = Stopwatch.GetElapsedTime(since).TotalMicroseconds;
                answer.EnsureSuccessStatusCode();
                if (number >= 0) times[number] = took;
            }
        }

        var medians = ways.Select(way => Statistics.Percentile(way.Times, 0.5)).ToArray();
        await app.StopAsync(cancellationToken);
        return [("openReadP50Us", medians[0]), (Added[0], medians[1] - medians[0]), (Added[1], medians[2] - medians[0])];
    }

    private static Uri Path(string name) => new($"/{name}", UriKind.Relative);

    private static WebApplication Build(string database)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection([
            new("LeadSens:EncryptionKey", LeadSensOptions.DevelopmentEncryptionKey), new("LeadSens:Database", database), new("Web:AllowedHosts:0", "127.0.0.1"),
            .. from rule in new[] { "Address", "Caller" } from part in new[] { "Burst", "PerMinute" } select KeyValuePair.Create<string, string?>($"Web:Limits:{rule}:{part}", "10000000"),
        ]);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddData();
        builder.Services.AddOptions<LeadSensOptions>().BindConfiguration(LeadSensOptions.Section);
        builder.Services.AddSecrets();
        builder.Services.AddApi().AddWeb().AddIdentity();
        var app = builder.Build();
        app.UseWeb();
        app.UseExceptionHandler();
        app.UseWebLimits();
        app.UseDatabaseTurns();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseSessionGuard();
        app.UseAccessRules();
        app.UseCallerLimits();
        app.UseOpenStreams();
        app.MapGet("/open", ReadAsync).Needs(AccessRule.Anybody);
        app.MapGet("/members", ReadAsync).Needs(Permission.Read);
        return app;
    }

    private static async Task<IResult> ReadAsync(Database database, CancellationToken cancellationToken) =>
        TypedResults.Text(await database.Sql("select name from workspaces where id = $1", Workspace).FirstAsync(row => row.GetString(0), cancellationToken));

    private static Task<int> SeedAsync(Database database, Secret token, Secret key, CancellationToken cancellationToken) => database.Sql("""
        with person as (insert into users (id, email, email_key, first_name, last_name, password_hash, created_at) values ($2, 'check@example.com', 'check@example.com', 'C', 'C', '', clock_now()) returning id),
        place as (insert into workspaces (id, name) values ($1, 'Checked') returning id),
        member as (insert into workspace_members (workspace_id, user_id, role, created_at) select place.id, person.id, 'owner', clock_now() from place, person),
        session as (
            insert into user_sessions (id, user_id, workspace_id, kind, device, access_hash, access_expires_at, created_at, last_seen_at, expires_at)
            select $3, person.id, place.id, 'bearer', 'bench', $4, clock_now() + interval '1 hour', clock_now(), clock_now(), clock_now() + interval '1 hour' from place, person)
        insert into api_keys (id, workspace_id, name, key_hash) select $3, id, 'bench', $5 from place
        """, Workspace, User, Session, token.Hash, key.Hash).RunAsync(cancellationToken);
}
