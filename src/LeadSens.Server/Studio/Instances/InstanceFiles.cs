using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using LeadSens.Server.Audit;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Secrets;
using LeadSens.Server.Workflows;
using Npgsql;

namespace LeadSens.Server.Studio.Instances;

/// <summary>What brings an instance back: its rows as text under a seal. A state decides what a run does next, so only what this installation wrote
/// is taken, and only in the workspace that it was written for.</summary>
internal sealed class InstanceFiles(Database database, WorkflowSignal signal, SigningKeys keys)
{
    public const string Property = "leadSens";

    private const string ReadSql = """
        select json_build_object('workspace', i.workspace_id,
            'instance', to_jsonb(i) - array['claim_token', 'lease_node', 'lease_until', 'failures', 'retry_at'],
            'bookmarks', (select coalesce(jsonb_agg(to_jsonb(b) order by b.created_at, b.id), '[]') from workflow_bookmarks b where b.instance_id = i.id and b.state < 2),
            'inbox', (select coalesce(jsonb_agg(jsonb_build_object('id', r.id, 'bookmark_id', r.bookmark_id, 'payload', r.payload) order by r.seq), '[]')
                from workflow_resumptions r where r.instance_id = i.id))::text
        from workflow_instances i where i.workspace_id = $1 and i.id = $2
        """;

    /// <summary>Null when the workspace has no such instance.</summary>
    public async Task<JsonObject?> WriteAsync(Guid workspaceId, Guid id, CancellationToken cancellationToken) =>
        await database.FirstAsync(ReadSql, row => row.GetString(0), cancellationToken, workspaceId, id) is { } content
            ? new JsonObject { ["content"] = content, ["seal"] = Convert.ToHexStringLower(SealOf(content, keys.Current(SigningUse.Exports))) }
            : null;

    /// <summary>The rows in a file, or what is wrong with it.</summary>
    public (string? Content, string? Problem) Open(JsonObject file, Guid workspaceId)
    {
        if (file[Property] is not JsonObject sealedRows || sealedRows.Text("content") is not { } content || sealedRows.Text("seal") is not { Length: 64 } seal || !seal.All(char.IsAsciiHexDigit))
            return (null, $"This is no exported instance: it has no '{Property}'.");
        if (!keys.Verify(SigningUse.Exports, Convert.FromHexString(seal), key => SealOf(content, key)))
            return (null, "This file was changed, or comes from an installation with another key. An instance is taken only as it was exported.");
        return JsonNode.Parse(content)!["workspace"]!.GetValue<Guid>() == workspaceId ? (content, null) : (null, "This instance belongs to another workspace.");
    }

    /// <summary>Brings all of them back, or none. Answers what is wrong with them.</summary>
    public async Task<List<string>> ReadAsync(IReadOnlyList<(string Name, string Content)> files, WorkspaceContext caller, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var (name, content) in files)
        {
            if (await RestoreAsync(connection, content, cancellationToken) is not { } problem) continue;
            problems.Add($"{name}: {problem}");
            break;
        }

        if (problems.Count > 0) return problems;
        await AuditLog.AppendAsync(connection, new(caller.WorkspaceId, caller.By, "instance.imported", Details: new JsonObject { ["instances"] = files.Count }), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        signal.Wake();
        return problems;
    }

    private static async Task<string?> RestoreAsync(NpgsqlConnection connection, string content, CancellationToken cancellationToken)
    {
        try
        {
            return await connection.FirstAsync("select workflow_restore($1::jsonb)", row => row.Text(0), cancellationToken, content);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return "Another unfinished run stands in its way: this workflow runs once at a time.";
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.NotNullViolation or PostgresErrorCodes.InvalidTextRepresentation)
        {
            return "It was exported by a version of this service that is too far from this one.";
        }
    }

    private static byte[] SealOf(string content, byte[] key) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(content));
}
