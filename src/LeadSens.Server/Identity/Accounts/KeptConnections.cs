using LeadSens.Server.Connections;
using LeadSens.Server.Data;
using LeadSens.Server.Mail;
using Npgsql;

namespace LeadSens.Server.Identity;

/// <summary>Provider accounts that were connected in a person's name. They are the workspace's, whose work goes on with them, so a reset of the password leaves them; but whoever held
/// the account before may have connected one of their own, so the person is told of each.</summary>
internal static class KeptConnections
{
    private const int Most = 50;

    /// <summary>Before the person's keys end: what was connected with one of them counts too.</summary>
    public static Task<List<string>> OfAsync(NpgsqlConnection connection, Guid userId, ProviderRegistry providers, CancellationToken cancellationToken) => connection.Sql("""
        select c.provider, coalesce(c.account_name, c.account_id, c.account_key), w.name
        from connections c join workspaces w on w.id = c.workspace_id join workspace_members m on m.workspace_id = c.workspace_id and m.user_id = $1
        where c.state <> 'disconnected' and same_actor(c.workspace_id, c.connected_by, 'user:' || $1::text) order by w.name, c.provider limit $2
        """, userId, Most).ListAsync(row => $"{providers.Title(row.GetString(0))} ({row.GetString(1)}, {row.GetString(2)})", cancellationToken);

    /// <summary>None where nothing stays.</summary>
    public static IEnumerable<string> Sentences(string language, IReadOnlyList<string> kept) => kept.Count == 0 ? []
        : [language == Language.French
            ? $"Restent connectés en votre nom, à vérifier sous Connexions : {string.Join(", ", kept)}."
            : $"What was connected in your name stays; look at it under Connections: {string.Join(", ", kept)}."];
}
