using System.Text.Json.Nodes;
using LeadSens.Engine;

namespace LeadSens.Activities;

/// <summary>Opens the batch of jobs behind a stage box.</summary>
public interface IStages
{
    /// <summary>Prepares a batch of one job per lead (or per part) that this kind selects; nothing is written before the burst commits.</summary>
    /// <exception cref="ArgumentException">The kind is unknown, or its jobs are added without a stage.</exception>
    Stage Open(StageRequest request);
}

/// <summary>A stage to open.</summary>
/// <param name="Kind">The job kind, for example <c>lead.score</c>.</param>
/// <param name="Campaign">Null for work of no campaign.</param>
/// <param name="Parameters">The box's inputs that the jobs need; the same for all jobs of the batch.</param>
public sealed record StageRequest(string Kind, Guid WorkspaceId, RunCampaign? Campaign, Guid InstanceId, JsonObject Parameters);

/// <summary>An opened stage.</summary>
/// <param name="BatchId">The batch that the write creates.</param>
/// <param name="Key">The stimulus that arrives once, when every job has ended; its payload is a <see cref="StageCounts"/>.</param>
/// <param name="Write">Creates batch and jobs in the burst's transaction.</param>
public sealed record Stage(Guid BatchId, string Key, CommitWrite Write);

/// <summary>How a batch ended.</summary>
/// <param name="Result">What the jobs added up, for example <c>{"counted": 1200}</c>.</param>
/// <param name="Failure">The first failure, when there was one.</param>
public sealed record StageCounts(int Total, int Completed, int Skipped, int Failed, int Cancelled, JsonObject? Result, string? Failure);
