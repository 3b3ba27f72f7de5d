using LeadSens.Engine;
using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Workflows;

/// <summary>Positional parameters, typed so that values are not boxed. PostgreSQL's texts hold neither NUL nor half of a surrogate pair: they become U+FFFD.</summary>
internal static class Sql
{
    public static NpgsqlParameter Value<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    public static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    /// <summary>Whether an error of PostgreSQL's ended the statement. When it ended the session, the transaction may have been committed before.</summary>
    public static bool IsRolledBack(this Exception error) => error is PostgresException { InvariantSeverity: "ERROR" };

    /// <summary>Whether the database refuses what a statement carries, whenever it is asked: values that it cannot hold, that break a rule, or that are too large for it.</summary>
    public static bool IsOfItsContent(this Exception error) => error is PostgresException { SqlState: ['2', '2' or '3', ..] or ['5', '4', ..] };

    /// <summary>Whether the database did not answer as it would have at another time.</summary>
    public static bool IsOutage(this Exception error) => error is NpgsqlException { IsTransient: true } || error.InnerException?.IsOutage() == true;

    public static NpgsqlCommand Add<T>(this NpgsqlCommand command, T value)
    {
        command.Parameters.Add(Value(value));
        return command;
    }

    public static NpgsqlCommand AddNullable(this NpgsqlCommand command, string? value)
    {
        command.Parameters.Add(Nullable(Clean(value), NpgsqlDbType.Text));
        return command;
    }

    /// <summary>An array of which elements may be null.</summary>
    /// <param name="absentWhenEmpty">A null instead of an array without elements.</param>
    public static NpgsqlCommand AddArray<T>(this NpgsqlCommand command, T[] values, NpgsqlDbType element, bool absentWhenEmpty = false)
    {
        if (values is string?[] texts)
            Clean(texts);
        command.Parameters.Add(absentWhenEmpty && values.Length == 0
            ? Nullable(null, NpgsqlDbType.Array | element)
            : new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | element });
        return command;
    }

    private static string? Clean(string? text) => text is null ? null : WholeText.Of(text.Contains('\0') ? text.Replace('\0', '\uFFFD') : text);

    private static void Clean(string?[] texts)
    {
        for (var i = 0; i < texts.Length; i++)
            texts[i] = Clean(texts[i]);
    }
}
