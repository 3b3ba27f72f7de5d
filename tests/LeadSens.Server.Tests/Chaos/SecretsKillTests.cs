extern alias Demo;

using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Demo::LeadSens.Demo;
using LeadSens.Server.Identity;
using LeadSens.Server.Secrets;
using LeadSens.Server.Tests.Identity;
using LeadSens.Server.Tests.Secrets;
using LeadSens.Server.Tests.Support;
using Microsoft.AspNetCore.WebUtilities;

namespace LeadSens.Server.Tests.Chaos;

/// <summary>A Server that is killed while it renews a token, and a rotation of keys that is killed in its middle: nothing is lost, and nowhere lies a
/// secret in plain text.</summary>
public sealed class SecretsKillTests : DatabaseTest, IAsyncLifetime
{
    private const string OldKey = SecretBoxTests.Key, NewKey = SecretBoxTests.Other, ApiKey = "sandbox-key-that-nobody-may-find";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"leadsens-secrets-{Guid.CreateVersion7():N}");
    private readonly List<ServiceProcess> _processes = [];
    private readonly HttpClient _browser = new(new SocketsHttpHandler { AllowAutoRedirect = false });
    private TestSandbox _sandbox = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _sandbox = await TestSandbox.StartAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.StopAsync(TimeSpan.FromSeconds(20));
            process.Dispose();
        }

        _browser.Dispose();
        await _sandbox.DisposeAsync();
        await base.DisposeAsync();
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_kill_in_a_refresh_and_one_in_a_rotation_lose_nothing_and_leave_no_secret_behind()
    {
        var server = await StartAsync(OldKey);
        using var owner = await ConnectAsync(server.Url);
        var id = await Db.ScalarAsync<Guid>("select id from connections where provider = 'hubspot'");

        // The refresh is under way at the provider when its node dies.
        await Db.ExecuteAsync("update connections set expires_at = clock_now() + interval '3 minutes' where id = $1", id);
        await _sandbox.LatencyAsync(20_000, "hubspot");
        var lost = owner.PostAsync($"/api/connections/{id}/test", null);
        await Eventually.Be(async () => await RefreshesAsync() == 1, Patience);
        server.Process.Kill();
        await Should.ThrowAsync<HttpRequestException>(() => lost);
        await _sandbox.LatencyAsync(0);
        (await Db.ScalarAsync<bool>("select refresh_token is not null and state = 'connected' from connections where id = $1", id)).ShouldBeTrue("its lease is still there");

        var next = await StartAsync(OldKey);
        using var again = Client(next.Url, owner.DefaultRequestHeaders.Authorization!.Parameter!);
        var tested = await People.JsonAsync(await again.PostAsync($"/api/connections/{id}/test", null));
        (tested.GetProperty("state").GetString(), tested.GetProperty("health").GetString()).ShouldBe(("connected", "ok"));
        (await Db.ScalarAsync<bool>("select expires_at > clock_now() + interval '20 minutes' and refresh_token is null from connections where id = $1", id)).ShouldBeTrue();
        await next.Process.StopAsync(Patience);

        await KilledRotationAsync();

        var last = await StartAsync(NewKey);
        using var rotated = Client(last.Url, owner.DefaultRequestHeaders.Authorization!.Parameter!);
        foreach (var connection in await Db.ListAsync<Guid>("select id from connections"))
            (await People.JsonAsync(await rotated.PostAsync($"/api/connections/{connection}/test", null))).GetProperty("health").GetString().ShouldBe("ok");
        await NoSecretAsync();
    }

    /// <summary>A lock on one row holds the rotation up in its middle for as long as it takes to kill it.</summary>
    private async Task KilledRotationAsync()
    {
        var old = new SecretBox(new MasterKeys(OldKey));
        var ids = Enumerable.Range(0, 600).Select(_ => Guid.CreateVersion7()).OrderBy(id => id.ToString(), StringComparer.Ordinal).ToList();
        await Db.ExecuteAsync("""
            insert into mails (id, idempotency_key, message_id, kind, language, sealed_message, state, created_at)
            select id, id::text, id::text, 'test', 'en', envelope, 'failed', now() from unnest($1::uuid[], $2::bytea[]) u (id, envelope)
            """, ids.ToArray(), ids.Select(id => old.Seal("a mail that waits"u8, SealedColumns.Mails, "", "test", id.ToString())).ToArray());
        await using (var connection = await DataSource.OpenConnectionAsync(CancellationToken.None))
        {
            await using var held = await connection.BeginTransactionAsync();
            await using (var hold = new Npgsql.NpgsqlCommand($"select 1 from mails where id = '{ids[400]}' for update", connection)) await hold.ExecuteScalarAsync();
            var killed = Rotate();
            await Eventually.Be(async () => await SealedByNewKeyAsync() == 400, Patience);
            killed.Kill();
        }

        (await SealedByNewKeyAsync()).ShouldBe(400);
        (await ClosedKeysAsync()).ShouldBeEmpty("half of what it sealed is left");
        var rotation = Rotate();
        await Eventually.Be(() => rotation.HasExited, Patience);
        rotation.ExitCode.ShouldBe(0, rotation.Tail());
        rotation.Tail().ShouldContain("mails.sealed_message: 200 sealed again, 0 cannot be opened");
        rotation.Tail().ShouldContain("may be removed");
        (await ClosedKeysAsync()).ShouldBe([new MasterKey(OldKey).ToString()]);
        var box = new SecretBox(new MasterKeys(NewKey));
        foreach (var id in ids) box.Open((await Db.ScalarAsync<byte[]>("select sealed_message from mails where id = $1", id))!, SealedColumns.Mails, "", "test", id.ToString());
    }

    private Task<List<string>> ClosedKeysAsync() => Db.ListAsync<string>("select key_id from sealing_keys where closed_at is not null");

    private Task<long> SealedByNewKeyAsync() => Db.ScalarAsync<long>("select count(*) from mails where substring(sealed_message from 2 for 8) = $1", new MasterKey(NewKey).Id);

    /// <summary>Every key and token that the provider gave out or saw, in the database and in what the Servers wrote.</summary>
    private async Task NoSecretAsync()
    {
        var secrets = new List<string> { ApiKey, OldKey, NewKey, "sandbox-app-secret" };
        foreach (var call in await _sandbox.CallsAsync("hubspot", "/oauth/"))
        {
            var form = QueryHelpers.ParseQuery(call.Body);
            foreach (var name in (string[])["refresh_token", "token", "code", "code_verifier"])
                if (form.TryGetValue(name, out var value)) secrets.Add(value.ToString());
            if (QueryHelpers.ParseQuery(new Uri("http://sandbox" + call.Path).Query).TryGetValue("state", out var state)) secrets.Add(state.ToString());
        }

        secrets.Count(secret => secret.StartsWith("sbx", StringComparison.Ordinal)).ShouldBeGreaterThan(2, "the tokens are among what is looked for");
        (await SecretSearch.FindAsync(Db, ["HubSpot"])).ShouldNotBeEmpty("the search finds what is there");
        (await SecretSearch.FindAsync(Db, secrets)).ShouldBeEmpty();
        var forms = secrets.SelectMany(SecretSearch.Forms).ToList();
        foreach (var file in Directory.GetFiles(_directory, "*", SearchOption.AllDirectories))
        {
            var text = System.Text.Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file));
            forms.ShouldAllBe(form => !text.Contains(form, StringComparison.Ordinal), file);
        }
    }

    /// <summary>As the demo's owner: HubSpot by OAuth, Instantly by key.</summary>
    private async Task<HttpClient> ConnectAsync(Uri server)
    {
        using var nobody = new HttpClient { BaseAddress = server };
        var login = await People.JsonAsync(await nobody.PostAsJsonAsync("/api/auth/login", new { email = DemoWorkspace.Email, password = DemoWorkspace.Password }));
        var owner = Client(server, login.GetProperty("accessToken").GetString()!);
        (await _sandbox.Http.PutAsJsonAsync("/_sandbox/credentials", new { consent = "allow" })).EnsureSuccessStatusCode();
        using var begin = new HttpRequestMessage(HttpMethod.Get, new Uri(server, "/api/connections/hubspot/auth")) { Headers = { Authorization = owner.DefaultRequestHeaders.Authorization } };
        var consent = await _browser.GetAsync((await _browser.SendAsync(begin)).Headers.Location);
        using var back = new HttpRequestMessage(HttpMethod.Get, new Uri(server, consent.Headers.Location!.PathAndQuery)) { Headers = { Authorization = owner.DefaultRequestHeaders.Authorization } };
        (await (await _browser.SendAsync(back)).Content.ReadAsStringAsync()).ShouldContain("HubSpot is connected");
        (await owner.PutAsJsonAsync("/api/connections/instantly", new { apiKey = ApiKey })).EnsureSuccessStatusCode();
        return owner;
    }

    private async Task<(ServiceProcess Process, Uri Url)> StartAsync(string key)
    {
        var process = ServiceProcess.Start("LeadSens.Server", Path.Combine(_directory, "server.log"), ["--urls", "http://127.0.0.1:0"], Settings(key));
        _processes.Add(process);
        return (process, await process.ServerUrlAsync(_directory, Patience, default));
    }

    private ServiceProcess Rotate()
    {
        var process = ServiceProcess.Start("LeadSens.Server", Path.Combine(_directory, "rotate.log"), ["rotate-keys"], new Dictionary<string, string?>(Settings(NewKey)) { ["LeadSens__PreviousEncryptionKeys"] = OldKey });
        _processes.Add(process);
        return process;
    }

    private Dictionary<string, string?> Settings(string key) => new()
    {
        ["LeadSens__Database"] = Db.ConnectionString,
        ["LeadSens__DataDirectory"] = _directory,
        ["LeadSens__SandboxUrl"] = _sandbox.BaseUrl,
        ["LeadSens__EncryptionKey"] = key,
    };

    private async Task<int> RefreshesAsync() => (await _sandbox.CallsAsync("hubspot", "/oauth/2026-03/token")).Count(call => call.Body.Contains("grant_type=refresh_token", StringComparison.Ordinal));

    private static HttpClient Client(Uri server, string token)
    {
        var http = new HttpClient { BaseAddress = server };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return http;
    }
}
