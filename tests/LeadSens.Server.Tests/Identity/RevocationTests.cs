using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Security.Claims;
using System.Text;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Tests.Support;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LeadSens.Server.Tests.Identity;

/// <summary>Two Servers on one database: what ends on one holds there from the next request on, and on the other as soon as it is told.</summary>
public sealed class RevocationTests(RevocationTests.Nodes nodes) : IClassFixture<RevocationTests.Nodes>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static int people;

    public sealed class Nodes : IAsyncLifetime
    {
        internal TestApp A { get; private set; } = null!;

        internal TestApp B { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            A = await TestApp.StartAsync();
            B = TestApp.ListenBeside(A.Database);
            foreach (var app in new[] { A, B }) await Eventually.Be(() => Cache(app).IsTold, Patience);
        }

        public async ValueTask DisposeAsync()
        {
            await B.DisposeAsync();
            await A.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("logout")]
    [InlineData("revoke")]
    [InlineData("revoke all")]
    [InlineData("password")]
    [InlineData("refresh")]
    public async Task A_session_that_ended_on_one_node_opens_nothing_on_the_other(string how)
    {
        var ada = await NewAsync();
        var other = await nodes.A.LoginAsync(ada.Email);
        await WarmAsync(ada, "/api/jobs");

        using var answer = how switch
        {
            "logout" => await ada.Http.PostAsync("/api/auth/logout", null),
            "revoke" => await other.Http.DeleteAsync($"/api/auth/sessions/{await SessionAsync(ada)}"),
            "revoke all" => await other.Http.DeleteAsync("/api/auth/sessions"),
            "password" => await other.Http.PostAsJsonAsync("/api/auth/password", new { currentPassword = People.Password, newPassword = "another fine phrase" }),
            _ => await other.Http.PostAsJsonAsync("/api/auth/refresh", new { refreshToken = ada.RefreshToken }),
        };
        answer.IsSuccessStatusCode.ShouldBeTrue(how);

        (await StatusAsync(nodes.A, ada, "/api/jobs")).ShouldBe(HttpStatusCode.Unauthorized);
        await Eventually.Be(async () => await StatusAsync(nodes.B, ada, "/api/jobs") == HttpStatusCode.Unauthorized, Patience);
    }

    [Fact]
    public async Task A_role_that_was_taken_on_one_node_is_gone_on_the_other_and_so_is_a_member()
    {
        var (owner, member) = (await NewAsync(), await NewAsync());
        await member.JoinAsync(owner, "member");
        await WarmAsync(member, "/api/jobs");

        (await owner.Http.PatchAsJsonAsync($"/api/workspaces/{owner.WorkspaceId}/members/{member.UserId}", new { role = "viewer" })).EnsureSuccessStatusCode();
        (await ChangeAsync(nodes.A, member)).ShouldBe(HttpStatusCode.Forbidden);
        await Eventually.Be(async () => await ChangeAsync(nodes.B, member) == HttpStatusCode.Forbidden, Patience);

        await WarmAsync(member, "/api/jobs");
        (await owner.Http.DeleteAsync($"/api/workspaces/{owner.WorkspaceId}/members/{member.UserId}")).EnsureSuccessStatusCode();
        (await StatusAsync(nodes.A, member, "/api/jobs")).ShouldBe(HttpStatusCode.Forbidden);
        await Eventually.Be(async () => await StatusAsync(nodes.B, member, "/api/jobs") == HttpStatusCode.Forbidden, Patience);
    }

    [Fact]
    public async Task A_key_that_was_deleted_on_one_node_opens_nothing_on_the_other()
    {
        var owner = await NewAsync();
        var made = await People.JsonAsync(await owner.Http.PostAsJsonAsync($"/api/workspaces/{owner.WorkspaceId}/api-keys", new { name = "k" }));
        using var onA = nodes.A.Client(made.GetProperty("key").GetString()!);
        using var onB = nodes.B.Client(made.GetProperty("key").GetString()!);
        foreach (var http in new[] { onA, onB, onA, onB }) (await http.GetAsync("/api/jobs")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await owner.Http.DeleteAsync($"/api/workspaces/{owner.WorkspaceId}/api-keys/{made.GetProperty("id").GetGuid()}")).EnsureSuccessStatusCode();

        (await onA.GetAsync("/api/jobs")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        await Eventually.Be(async () => (await onB.GetAsync("/api/jobs")).StatusCode == HttpStatusCode.Unauthorized, Patience);
    }

    [Fact]
    public async Task A_cookie_is_worth_nothing_on_either_node_after_logging_out()
    {
        var ada = await NewAsync();
        using var browser = await nodes.A.BrowserAsync(ada.Email);
        (await browser.GetAsync("/api/auth/me")).StatusCode.ShouldBe(HttpStatusCode.OK);

        (await browser.PostAsync("/api/auth/logout", null)).EnsureSuccessStatusCode();

        (await browser.GetAsync("/api/auth/me")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_node_that_hears_nothing_remembers_nothing()
    {
        await using var deaf = TestApp.Beside(nodes.A.Database);
        await deaf.Services.GetServices<IHostedService>().OfType<AccessNews>().Single().StopAsync(default);
        var ada = await NewAsync();
        for (var request = 0; request < 3; request++) (await StatusAsync(deaf, ada, "/api/jobs")).ShouldBe(HttpStatusCode.OK);
        Cache(deaf).IsTold.ShouldBeFalse();
        Cache(deaf).Count.ShouldBe(0);

        (await ada.Http.PostAsync("/api/auth/logout", null)).EnsureSuccessStatusCode();

        (await StatusAsync(deaf, ada, "/api/jobs")).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_connection_for_news_that_breaks_is_noticed_and_made_again()
    {
        await using var node = TestApp.Beside(nodes.A.Database);
        await Eventually.Be(() => Cache(node).IsTold, Patience);
        var ada = await NewAsync();
        await Eventually.Be(async () =>
        {
            await StatusAsync(node, ada, "/api/jobs");
            return Cache(node).Count > 0;
        }, Patience);

        await nodes.A.Database.ScalarAsync<bool>("select bool_or(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and query in ('listen leadsens_access', 'select 1')");

        await Eventually.Be(() => Cache(node).Count == 0, Patience);
        await Eventually.Be(() => Cache(node).IsTold, Patience);
        await Eventually.Be(() => Cache(nodes.A).IsTold && Cache(nodes.B).IsTold, Patience);
    }

    [Theory]
    [InlineData("logout")]
    [InlineData("removal")]
    public async Task Streams_that_are_open_end_with_the_right_to_them(string how)
    {
        var (owner, member) = (await NewAsync(), await NewAsync());
        await member.JoinAsync(owner, "viewer");
        var campaign = await People.JsonAsync(await owner.Http.PostAsJsonAsync("/api/campaigns", new
        {
            name = "Streamed", icp = new { description = "Anybody", jobTitles = new[] { "CEO" }, industries = Array.Empty<string>(), countries = Array.Empty<string>(), companySizes = Array.Empty<string>() },
            limit = 10, targets = new[] { "instantly" }, start = false,
        }));
        using var http = nodes.B.Client("");
        http.DefaultRequestHeaders.Authorization = new("Bearer", member.AccessToken);
        using var events = await http.GetAsync($"/api/campaigns/{campaign.GetProperty("id").GetGuid()}/events", HttpCompletionOption.ResponseHeadersRead);
        using var feed = await http.GetAsync("/api/events", HttpCompletionOption.ResponseHeadersRead);
        (events.StatusCode, feed.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.OK));
        using var socket = await WatchAsync(member);

        using var answer = how == "logout"
            ? await member.Http.PostAsync("/api/auth/logout", null)
            : await owner.Http.DeleteAsync($"/api/workspaces/{owner.WorkspaceId}/members/{member.UserId}");
        answer.EnsureSuccessStatusCode();

        foreach (var stream in (HttpResponseMessage[])[events, feed])
            await EndsAsync(async token => await (await stream.Content.ReadAsStreamAsync(token)).CopyToAsync(System.IO.Stream.Null, token));
        await EndsAsync(async token =>
        {
            while (socket.State == WebSocketState.Open) await socket.ReceiveAsync(new byte[1024], token);
        });
    }

    [Fact]
    public async Task A_stream_that_cannot_be_cut_off_keeps_no_other_open()
    {
        var services = nodes.A.Services;
        using var streams = ActivatorUtilities.CreateInstance<OpenStreams>(services);
        await streams.StartAsync(default);
        for (var round = 0; round < 2; round++)
        {
            var cut = new TaskCompletionSource();
            var broken = streams.HoldAsync(Context(() => throw new ObjectDisposedException("the request")), AccessRule.To(Permission.Read), _ => cut.Task);
            var other = streams.HoldAsync(Context(() => cut.TrySetResult()), AccessRule.To(Permission.Read), _ => cut.Task);

            services.GetRequiredService<AccessCache>().Forget();

            await Task.WhenAll(broken, other).WaitAsync(Patience);
        }

        await streams.StopAsync(default);
    }

    [Fact]
    public async Task A_request_that_ended_while_its_right_was_looked_up_is_not_cut_off()
    {
        await using var node = TestApp.Beside(nodes.A.Database);
        using var streams = ActivatorUtilities.CreateInstance<OpenStreams>(node.Services);
        await streams.StartAsync(default);
        await using var connection = await nodes.A.Database.DataSource.OpenConnectionAsync(CancellationToken.None);
        await using var transaction = await connection.BeginTransactionAsync();
        await connection.ExecuteAsync("lock table user_sessions in access exclusive mode", default);
        var (ended, next, cut) = (new TaskCompletionSource(), new TaskCompletionSource(), new List<string>());
        var held = streams.HoldAsync(Context(() => cut.Add("the one that ended"), Guid.CreateVersion7()), AccessRule.To(Permission.Read), _ => ended.Task);
        Cache(node).Forget();
        await Eventually.Be(() => nodes.A.Database.ScalarAsync<bool>(
            "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like 'select m.role from user_sessions%')"), Patience);

        ended.SetResult();
        await held;
        var there = streams.HoldAsync(Context(next.SetResult), AccessRule.To(Permission.Read), _ => next.Task);
        await transaction.CommitAsync();
        Cache(node).Forget();

        await there.WaitAsync(Patience);
        cut.ShouldBeEmpty();
        await streams.StopAsync(default);
    }

    /// <summary>Of a caller without a right to anything, and whose right is looked up when there is a session to ask for.</summary>
    private static DefaultHttpContext Context(Action abort, Guid? session = null)
    {
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpRequestLifetimeFeature>(new Lifetime(abort));
        if (session is { } id)
            context.User = new(new ClaimsIdentity([new(CallerClaims.SessionClaim, $"{id}"), new(ClaimTypes.NameIdentifier, $"{id}"), new(WorkspaceContext.WorkspaceClaim, $"{id}")]));
        return context;
    }

    private sealed class Lifetime(Action abort) : IHttpRequestLifetimeFeature
    {
        public CancellationToken RequestAborted { get; set; }

        public void Abort() => abort();
    }

    /// <summary>By a close or by a broken connection, and not by the patience of the test.</summary>
    private static async Task EndsAsync(Func<CancellationToken, Task> read)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await read(patience.Token);
        }
        catch (Exception broken) when (broken is IOException or WebSocketException or HttpRequestException)
        {
            // Cut off.
        }
    }

    private async Task<ClientWebSocket> WatchAsync(SomePerson person)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {person.AccessToken}");
        await socket.ConnectAsync(new($"ws://{nodes.B.Url.Authority}/elsa/hubs/workflow-instance"), default);
        await socket.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"json\",\"version\":1}\u001e"), WebSocketMessageType.Text, true, default);
        await socket.ReceiveAsync(new byte[1024], default);
        return socket;
    }

    private Task<SomePerson> NewAsync() => nodes.A.RegisterAsync($"person{Interlocked.Increment(ref people)}@example.com");

    private async Task WarmAsync(SomePerson person, string path)
    {
        foreach (var app in new[] { nodes.A, nodes.B, nodes.A, nodes.B }) (await StatusAsync(app, person, path)).ShouldBe(HttpStatusCode.OK);
    }

    private async Task<Guid> SessionAsync(SomePerson person)
    {
        await using var command = nodes.A.Database.DataSource.CreateCommand("select id from user_sessions where access_hash = sha256(convert_to($1, 'UTF8'))");
        command.Parameters.Add(new() { Value = person.AccessToken });
        return (Guid)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<HttpStatusCode> StatusAsync(TestApp app, SomePerson person, string path)
    {
        using var http = app.Client("");
        http.DefaultRequestHeaders.Authorization = new("Bearer", person.AccessToken);
        return (await http.GetAsync(path)).StatusCode;
    }

    private static async Task<HttpStatusCode> ChangeAsync(TestApp app, SomePerson person)
    {
        using var http = app.Client("");
        http.DefaultRequestHeaders.Authorization = new("Bearer", person.AccessToken);
        return (await http.PostAsync($"/api/jobs/{Guid.CreateVersion7()}/retry", null)).StatusCode;
    }

    private static AccessCache Cache(TestApp app) => app.Services.GetRequiredService<AccessCache>();
}
