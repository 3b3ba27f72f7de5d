using System.Text.Json;
using LeadSens.Server.Campaigns;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using Npgsql;

namespace LeadSens.Server.Discovery;

/// <summary>What a search needs of its campaign.</summary>
internal sealed record SearchInput(Icp Icp, int Limit, bool Cancelled)
{
    private const string Sql = """
        select c.id, c.icp, c.lead_limit, c.status = 'Cancelled' from campaigns c
        join unnest($1::uuid[], $2::uuid[]) as j (id, workspace_id) on c.id = j.id and c.workspace_id = j.workspace_id
        """;

    /// <summary>Reads the campaigns of the jobs, one job each.</summary>
    public static async Task<IReadOnlyDictionary<Guid, SearchInput>> LoadAsync(NpgsqlConnection connection, IReadOnlyList<ClaimedJob> jobs, CancellationToken cancellationToken)
    {
        var campaigns = (await connection.ListAsync(Sql, Read, cancellationToken, jobs.Select(job => job.RequireCampaign()).ToArray(), jobs.Select(job => job.WorkspaceId).ToArray())).DistinctBy(row => row.Id).ToDictionary(row => row.Id, row => row.Input);
        return jobs.Where(job => campaigns.ContainsKey(job.RequireCampaign())).ToDictionary(job => job.Id, job => campaigns[job.RequireCampaign()]);
    }

    private static (Guid Id, SearchInput Input) Read(NpgsqlDataReader row) =>
        (row.GetGuid(0), new(JsonSerializer.Deserialize(row.GetString(1), IcpJson.Default.Icp)!, row.GetInt32(2), row.GetBoolean(3)));
}
