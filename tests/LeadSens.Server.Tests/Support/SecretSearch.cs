using System.Text;

namespace LeadSens.Server.Tests.Support;

/// <summary>Looks for secrets in plain text in everything that a database stores.</summary>
internal static class SecretSearch
{
    private const string ColumnsSql = """
        select quote_ident(c.table_name) || '.' || quote_ident(c.column_name) || '.' || c.udt_name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
        where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and (c.udt_name in ('text', 'varchar', 'bytea', 'json', 'jsonb', 'xml') or c.udt_name like '\_%')
        order by 1
        """;

    /// <summary>The columns that hold one of the texts, as they are or as bytes, base64 or hex of them.</summary>
    public static async Task<List<string>> FindAsync(TestDatabase database, IEnumerable<string> secrets)
    {
        var wanted = secrets.SelectMany(Forms).Distinct().ToArray();
        var found = new List<string>();
        foreach (var column in await database.ListAsync<string>(ColumnsSql))
        {
            var (table, name, type) = (column.Split('.')[0], column.Split('.')[1], column.Split('.')[2]);
            var text = type == "bytea" ? $"encode({name}, 'escape')" : $"{name}::text";
            if (await database.ScalarAsync<bool>($"select exists (select from {table} where exists (select from unnest($1::text[]) s where strpos({text}, s) > 0))", (object)wanted)) found.Add(column);
        }

        return found;
    }

    public static IEnumerable<string> Forms(string secret) => [secret, Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)).TrimEnd('='), Convert.ToHexStringLower(Encoding.UTF8.GetBytes(secret))];
}
