using System.Security.Cryptography;
using System.Text;
using Npgsql;

namespace LeadSens.Server.Identity;

/// <summary>API keys are stored as SHA-256 only: they are long random strings, so a slow hash would add nothing.</summary>
internal sealed class ApiKeys(NpgsqlDataSource database, IHostEnvironment environment)
{
    /// <summary>Everybody can read it in this repository, so it opens nothing in production.</summary>
    public const string DevelopmentKey = "leadsens-dev-key";

    /// <summary>The workspace that the key opens; null for an unknown key.</summary>
    public async Task<WorkspaceContext?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (key == DevelopmentKey && environment.IsProduction()) return null;
        await using var command = database.CreateCommand("select workspace_id, name from api_keys where key_hash = $1");
        command.Parameters.Add(new() { Value = Hash(key) });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? new(row.GetGuid(0), $"api-key:{row.GetString(1)}") : null;
    }

    public static byte[] Hash(string key) => SHA256.HashData(Encoding.UTF8.GetBytes(key));
}
