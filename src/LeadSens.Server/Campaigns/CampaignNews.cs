using LeadSens.Server.Data;
using Npgsql;

namespace LeadSens.Server.Campaigns;

/// <summary>Tells who watches campaigns that leads of them changed, where none of the campaign's own rows does.</summary>
internal static class CampaignNews
{
    private static readonly string Sql = $"""
        insert into campaign_news (campaign_id, workspace_id) select distinct campaign_id, workspace_id from leads where id = any($2) and {SqlText.Check("workspace_id = $1")} order by campaign_id
        on conflict (campaign_id) do update set number = campaign_news.number + 1
        """;

    /// <summary>In the transaction that changed the leads.</summary>
    public static Task TellAsync(NpgsqlConnection connection, Guid workspaceId, Guid[] leads, CancellationToken cancellationToken) =>
        leads.Length == 0 ? Task.CompletedTask : connection.Sql(Sql, workspaceId, leads).RunAsync(cancellationToken);
}
