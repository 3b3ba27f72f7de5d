using System.Text.Json.Nodes;
using LeadSens.Server.Approvals;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using Npgsql;

namespace LeadSens.Server.Connections.Providers.Slack;

/// <summary>Adds the job that tells a workspace's Slack channel, where it has one that works. The same occasion is the same job.</summary>
internal sealed class SlackNotices : NoticeChannel
{
    private const string HasChannelSql = "select exists (select from notice_channels where workspace_id = $1 and provider = $2 and broken_reason is null)";

    public override async Task AddAsync(NpgsqlConnection connection, ApprovalFacts facts, string occasion, CancellationToken cancellationToken)
    {
        if (!await connection.Sql(HasChannelSql, facts.WorkspaceId, SlackClient.Provider).FirstAsync(row => row.GetBoolean(0), cancellationToken)) return;
        var payload = new JsonObject { ["approvalId"] = facts.ApprovalId, ["occasion"] = occasion };
        await JobQueue.AddAsync(connection, NotifySlack.JobKind, payload, $"{facts.ApprovalId}:{occasion}", facts.WorkspaceId, cancellationToken);
    }
}
