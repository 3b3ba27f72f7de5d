using Npgsql;
using NpgsqlTypes;

namespace LeadSens.Server.Workflows;

/// <summary>Positional parameters, typed so that values are not boxed.</summary>
internal static class Sql
{
    public static NpgsqlParameter Value<T>(T value) => new NpgsqlParameter<T> { TypedValue = value };

    public static NpgsqlParameter Nullable(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    public static NpgsqlCommand Add<T>(this NpgsqlCommand command, T value)
    {
        command.Parameters.Add(Value(value));
        return command;
    }

    public static NpgsqlCommand AddNullable(this NpgsqlCommand command, string? value)
    {
        command.Parameters.Add(Nullable(value, NpgsqlDbType.Text));
        return command;
    }

    /// <summary>An array of which elements may be null.</summary>
    public static NpgsqlCommand AddArray<T>(this NpgsqlCommand command, T[] values, NpgsqlDbType element)
    {
        command.Parameters.Add(new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | element });
        return command;
    }
}
