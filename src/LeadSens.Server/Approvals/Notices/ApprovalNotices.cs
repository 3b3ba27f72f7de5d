using LeadSens.Server.Connections;
using LeadSens.Server.Data;
using LeadSens.Server.Identity;
using LeadSens.Server.Mail;
using Npgsql;

namespace LeadSens.Server.Approvals;

/// <summary>Tells those who may decide: each by a mail with a link of their own, the workspace's channels by a message without. In the caller's transaction;
/// an occasion is told once, however often it is asked for.</summary>
internal sealed class ApprovalNotices(Mails mails, ApprovalLinks links, ProviderRegistry providers)
{
    /// <summary>Roles that may decide at all; the box may ask for some of them.</summary>
    public static readonly string[] Roles = [.. Identity.Roles.All.Where(role => Identity.Roles.Of(role).Contains(Permission.Approve))];

    private const string ApproversSql = """
        select u.id, u.email, u.first_name, u.language
        from approvals a join campaigns c on c.id = a.campaign_id join workspace_members m on m.workspace_id = a.workspace_id join users u on u.id = m.user_id
        where a.id = $1 and u.confirmed_at is not null
          and (m.role = any($2) and (cardinality(a.roles) = 0 or m.role = any(a.roles)) and not kept_out(a, 'user:' || u.id) or $3 and c.started_by = 'user:' || u.id)
        order by u.id
        """;

    public Task RequestedAsync(NpgsqlConnection connection, Guid approvalId, CancellationToken cancellationToken) => TellAsync(connection, approvalId, Occasion.Requested, cancellationToken);

    public Task RemindAsync(NpgsqlConnection connection, Guid approvalId, CancellationToken cancellationToken) => TellAsync(connection, approvalId, Occasion.Reminder, cancellationToken);

    /// <summary>Whoever started the campaign hears of this as well.</summary>
    public Task ExpiredAsync(NpgsqlConnection connection, Guid approvalId, CancellationToken cancellationToken) => TellAsync(connection, approvalId, Occasion.Expired, cancellationToken);

    /// <summary>After the commit.</summary>
    public void Wake() => mails.Wake();

    private async Task TellAsync(NpgsqlConnection connection, Guid approvalId, string occasion, CancellationToken cancellationToken)
    {
        if (await ApprovalFacts.ReadAsync(connection, approvalId, cancellationToken) is not { } facts) return;
        var approvers = await connection.Sql(ApproversSql, approvalId, Roles, occasion == Occasion.Expired)
            .ListAsync(row => new Approver(row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3)), cancellationToken);
        foreach (var approver in approvers)
        {
            var link = occasion == Occasion.Expired ? null : ApprovalToken.New();
            var isNew = await mails.AddAsync(connection, ApprovalMails.Of(occasion, facts, approver, link is null ? null : links.UrlOf(link)), cancellationToken);
            if (isNew && link is not null) await ApprovalLinks.InsertAsync(connection, link, approvalId, approver.UserId, cancellationToken);
        }

        foreach (var (_, channel) in providers.With<NoticeChannel>()) await channel.AddAsync(connection, facts, occasion, cancellationToken);
    }
}
