using LeadSens.Server.Data;
using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Secrets;

/// <summary>The rows of a table behind some keys and up to others, so many that a statement over them is short.</summary>
/// <param name="After">Null: from the first row.</param>
/// <param name="UpTo">Null: to the last row.</param>
internal sealed record TablePart(string[]? After, string[]? UpTo)
{
    private const int Rows = 2_000;

    public static readonly TablePart Whole = new(null, null);

    /// <summary>The parameters of <see cref="Condition"/>, in the order of its numbers.</summary>
    public IEnumerable<NpgsqlParameter> Values => [.. Texts(After), .. Texts(UpTo)];

    /// <summary>The part that begins there.</summary>
    public static async Task<TablePart> BehindAsync(NpgsqlConnection connection, SealedColumn column, string[]? after, CancellationToken cancellationToken)
    {
        var rest = new TablePart(after, null);
        var last = await connection.Sql($"""
            select {column.RowAsTexts} from {column.Table} where {rest.Condition(column, first: 1)} order by {column.RowList} limit 1 offset {Rows - 1}
            """, [.. rest.Values]).FirstAsync(row => row.GetFieldValue<string[]>(0), cancellationToken);
        return rest with { UpTo = last };
    }

    /// <summary>In SQL, with parameters from this number on.</summary>
    public string Condition(SealedColumn column, int first)
    {
        var upTo = After is null ? first : first + column.RowKeys.Count;
        return (After, UpTo) switch
        {
            (null, null) => "true",
            (not null, null) => $"({column.RowList}) > ({Numbers(first)})",
            (null, not null) => $"({column.RowList}) <= ({Numbers(first)})",
            _ => $"({column.RowList}) > ({Numbers(first)}) and ({column.RowList}) <= ({Numbers(upTo)})",
        };

        string Numbers(int from) => string.Join(", ", Enumerable.Range(from, column.RowKeys.Count).Select(number => $"${number}"));
    }

    /// <summary>Of the columns' own types, which PostgreSQL knows.</summary>
    private static IEnumerable<NpgsqlParameter> Texts(string[]? keys) => (keys ?? []).Select(key => new NpgsqlParameter { Value = key, NpgsqlDbType = NpgsqlDbType.Unknown });
}
