using System.Text.Json;
using LeadSens.Server.Campaigns;
using LeadSens.Server.Data;
using LeadSens.Server.Jobs;
using Npgsql;

namespace LeadSens.Server.Discovery;

/// <summary>What a search needs of its campaign.</summary>
internal sealed record SearchInput(Icp Icp, int Limit)
{
    private const string Sql = "select id, icp, lead_limit, status from campaigns where id = any($1)";

    /// <summary>Reads the campaigns of the jobs, one job each.</summary>
    public static async Task<IReadOnlyDictionary<Guid, SearchInput>> LoadAsync(NpgsqlConnection connection, IReadOnlyList<ClaimedJob> jobs, CancellationToken cancellationToken)
    {
        var campaigns = (await connection.ListAsync(Sql, Read, cancellationToken, jobs.Select(job => job.CampaignId).Distinct().ToArray())).ToDictionary(row => row.Id, row => row.Input);
        return jobs.Where(job => campaigns.ContainsKey(job.CampaignId)).ToDictionary(job => job.Id, job => campaigns[job.CampaignId]);
    }

    private static (Guid Id, SearchInput Input) Read(NpgsqlDataReader row) =>
        (row.GetGuid(0), new(JsonSerializer.Deserialize(row.GetString(1), IcpJson.Default.Icp)!, row.GetInt32(2)));
}
