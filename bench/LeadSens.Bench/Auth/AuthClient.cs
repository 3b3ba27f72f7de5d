using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Npgsql;

namespace LeadSens.Bench.Auth;

/// <summary>One client, one connection, one request after the other.</summary>
internal sealed class AuthClient(Uri server) : IDisposable
{
    private const string Email = "bench@example.com", Password = "correct horse battery staple";
    private const int WarmUp = 500;
    private static readonly Uri Read = new("/api/campaigns", UriKind.Relative);

    private readonly HttpClient http = new() { BaseAddress = server };

    /// <summary>And confirms the address as the link in the mail does.</summary>
    public async Task RegisterAsync(string database, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsJsonAsync(new Uri("/api/auth/register", UriKind.Relative), new { firstName = "B", lastName = "B", email = Email, password = Password }, cancellationToken);
        if (answer.StatusCode != HttpStatusCode.Accepted) throw new InvalidOperationException($"register: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellationToken)}");
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand("update users set confirmed_at = clock_now() where confirmed_at is null");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public Task<double[]> LoginsAsync(int count, CancellationToken cancellationToken) => TimedAsync(count, 5, () => LoginAsync(cancellationToken));

    public async Task<double[]> RefreshesAsync(int count, CancellationToken cancellationToken)
    {
        var (_, refresh) = await LoginAsync(cancellationToken);
        return await TimedAsync(count, 50, async () => (_, refresh) = await TokensAsync("/api/auth/refresh", new { refreshToken = refresh }, cancellationToken));
    }

    public async Task<double[]> ReadsAsync(int count, CancellationToken cancellationToken)
    {
        var (access, _) = await LoginAsync(cancellationToken);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", access);
        return await TimedAsync(count, WarmUp, async () =>
        {
            using var answer = await http.GetAsync(Read, cancellationToken);
            answer.EnsureSuccessStatusCode();
        });
    }

    /// <summary>From the answer to logging out here until another node refuses the token.</summary>
    public async Task<double[]> RevocationsAsync(Uri elsewhere, int count, CancellationToken cancellationToken)
    {
        using var other = new HttpClient { BaseAddress = elsewhere };
        var times = new double[count];
        for (var round = 0; round < count; round++)
        {
            var (access, _) = await LoginAsync(cancellationToken);
            http.DefaultRequestHeaders.Authorization = other.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", access);
            for (var warm = 0; warm < 3; warm++) await StatusAsync(other, cancellationToken);
            using var left = await http.PostAsync(new Uri("/api/auth/logout", UriKind.Relative), null, cancellationToken);
            var since = Stopwatch.GetTimestamp();
            while (await StatusAsync(other, cancellationToken) == HttpStatusCode.OK) { }
            times[round] = Stopwatch.GetElapsedTime(since).TotalMilliseconds;
        }

        return times;
    }

    public void Dispose() => http.Dispose();

    private Task<(string Access, string Refresh)> LoginAsync(CancellationToken cancellationToken) => TokensAsync("/api/auth/login", new { email = Email, password = Password }, cancellationToken);

    private async Task<(string Access, string Refresh)> TokensAsync(string path, object body, CancellationToken cancellationToken)
    {
        using var answer = await http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body, cancellationToken);
        answer.EnsureSuccessStatusCode();
        var json = await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken);
        return (json.GetProperty("accessToken").GetString()!, json.GetProperty("refreshToken").GetString()!);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using var answer = await client.GetAsync(Read, cancellationToken);
        return answer.StatusCode;
    }

    private static async Task<double[]> TimedAsync(int count, int warmUp, Func<Task> call)
    {
        for (var number = 0; number < warmUp; number++) await call();
        var times = new double[count];
        for (var number = 0; number < count; number++)
        {
            var since = Stopwatch.GetTimestamp();
            await call();
            times[number] = Stopwatch.GetElapsedTime(since).TotalMilliseconds;
        }

        return times;
    }
}
