using LeadSens.Server.Data;
using System.Text.Json;
using Npgsql;

namespace LeadSens.Server.Identity;

/// <summary>The workspace that every start outside production finds ready: company DNA, style samples, a login and the development key.
/// What a user changed in it stays.</summary>
internal sealed class DemoWorkspace(SystemDatabase database, IHostEnvironment environment) : IHostedService
{
    public static readonly Guid Id = new("01940000-0000-7000-8000-000000000001");

    public static readonly Guid UserId = new("01940000-0000-7000-8000-000000000003");

    public const string Email = "demo@leadsens.example", Password = "leadsens-demo-login";

    /// <summary>Of the password above, which everybody can read: made once, because making it takes longer than the rest of the seeding.</summary>
    private const string PasswordHash = "AQAAAAIAA1tgAAAAEBEH3s4JcJMe7PAVAr0Qe0Yb19jFGXmOs5FFNpJP/ByCcHvugURZWRUtV8WMYPhTPg==";

    private static readonly Guid KeyId = new("01940000-0000-7000-8000-000000000002");

    private static readonly JsonSerializerOptions Camel = new(JsonSerializerDefaults.Web);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (environment.IsProduction()) return;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await SeedAsync(connection, cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Adds what is missing; safe to repeat and to run on several nodes at once.</summary>
    public static async Task SeedAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Statement(
            "insert into workspaces (id, name, company_dna) values ($1, 'Demo', $2) on conflict do nothing", Id, await TextAsync("company-dna.md")));
        batch.BatchCommands.Add(Statement(
            "insert into api_keys (id, workspace_id, name, key_hash) values ($1, $2, 'development', $3) on conflict do nothing",
            KeyId, Id, ApiKeys.Hash(ApiKeys.DevelopmentKey)));
        batch.BatchCommands.Add(Statement("""
            insert into users (id, email, email_key, first_name, last_name, password_hash, created_at, confirmed_at) values ($1, $2, $2, 'Demo', 'Owner', $3, clock_now(), clock_now()) on conflict do nothing
            """, UserId, Email, PasswordHash));
        batch.BatchCommands.Add(Statement("""
            insert into workspace_members (workspace_id, user_id, role, created_at) values ($1, $2, 'owner', clock_now()) on conflict do nothing
            """, Id, UserId));
        var samples = JsonSerializer.Deserialize<StyleSample[]>(await TextAsync("style-samples.json"), Camel)!;
        for (var number = 0; number < samples.Length; number++)
            batch.BatchCommands.Add(Statement(
                """
                insert into style_samples (id, workspace_id, step, original, edited, created_at)
                values ($1, $2, $3, $4, $5, clock_now()) on conflict do nothing
                """,
                new Guid($"01940000-0000-7000-8000-0000000001{number:00}"), Id, samples[number].Step, samples[number].Original, samples[number].Edited));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlBatchCommand Statement(string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }

    private static async Task<string> TextAsync(string name)
    {
        await using var stream = typeof(DemoWorkspace).Assembly.GetManifestResourceStream($"LeadSens.Server.Identity.Demo.{name}")!;
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    private sealed record StyleSample(int Step, string Original, string Edited);
}
