using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Contacts;

/// <summary>Hands records to the one writer of contacts, the database's function <c>contacts_write</c>: many at once, also within another slice's
/// statement.</summary>
internal static class ContactWriter
{
    /// <summary>Who of the records is whom: columns <c>place</c> (from 1), <c>erased</c>, <c>contact</c>.</summary>
    public const string Sql = "select * from contacts_write($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

    /// <summary>The values that the function takes, in its order.</summary>
    /// <param name="call">The job that asked.</param>
    /// <param name="inner">With the outer one the pads of the workspace's salt, by which erased people are known.</param>
    public static NpgsqlParameter[] Values(
        Guid workspaceId, RecordSource source, Guid? call, IReadOnlyList<SourceRecord> records, byte[] inner, byte[] outer) =>
    [
        new() { Value = workspaceId }, new() { Value = source.Provider }, new() { Value = source.Rank },
        new() { Value = (object?)call ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
        new() { Value = records.Select(record => record.Id).ToArray() },
        new() { Value = records.Select(record => record.SaidAt.ToUniversalTime()).ToArray() },
        new() { Value = records.Select(record => record.Fields.ToJson()).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Jsonb },
        new() { Value = records.Select(record => record.Raw).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
        new() { Value = inner }, new() { Value = outer },
    ];
}
