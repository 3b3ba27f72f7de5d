using System.Text.Json;
using LeadSens.Engine;
using LeadSens.Server.Data;

namespace LeadSens.Server.Workflows;

/// <summary>The activity types of one workspace: the Server's, and its own workflows that may be used as activities.</summary>
internal static class WorkspaceActivities
{
    /// <summary>What may be drawn: workflows in service. Older versions are known too, for boxes that keep one.</summary>
    private const string DrawableSql = """
        select body from workflow_definitions_of($1) where usable_as_activity and frozen
            and definition_id in (select definition_id from workflow_definitions_of($1) where usable_as_activity and published)
        """;

    /// <summary>What may still run: what was ever in service.</summary>
    private const string RunnableSql = "select body from workflow_definitions where (workspace_id = $1 or workspace_id is null) and usable_as_activity and frozen";

    public static Task<ActivityRegistry> DrawableAsync(this ActivityRegistry activities, Database database, Guid workspaceId, CancellationToken cancellationToken) =>
        WithAsync(activities, database, DrawableSql, workspaceId, cancellationToken);

    public static Task<ActivityRegistry> RunnableAsync(this ActivityRegistry activities, Database database, Guid workspaceId, CancellationToken cancellationToken) =>
        WithAsync(activities, database, RunnableSql, workspaceId, cancellationToken);

    private static async Task<ActivityRegistry> WithAsync(ActivityRegistry activities, Database database, string sql, Guid workspaceId, CancellationToken cancellationToken)
    {
        var bodies = await database.ListAsync(sql, row => row.GetString(0), cancellationToken, workspaceId);
        return bodies.Count == 0 ? activities : activities.WithWorkflows(bodies.Select(body => JsonElement.Parse(body)));
    }
}
